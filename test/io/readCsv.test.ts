import { csvFormatRows, dsvFormat } from 'd3-dsv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvTable, readCsv, readCsvStream, writeCsv } from '../../src/io/index.ts';
import { complaint } from './complaint.ts';
import { cutAnywhere, outcome } from './cuts.ts';

const roads = 'from,to,distance\nA,B,12.5\nB,"C, east",8\n';

const contents = (table: CsvTable) => table.names.map((name) => [name, table.text(name)]);
const linesOf = (table: CsvTable) => Array.from({ length: table.size }, (_, row) => table.lineOf(row));

describe('readCsv', () => {
  test('gives columns by name, as text, as numbers and as codes', () => {
    const table = readCsv(roads);
    expect([table.names, table.size]).toEqual([['from', 'to', 'distance'], 2]);
    expect(table.text('to')).toEqual(['B', 'C, east']);
    expect(table.numbers('distance')).toEqual(Float64Array.of(12.5, 8));
    expect(table.coded('from')).toEqual({ codes: Int32Array.of(0, 1), values: ['A', 'B'] });
    expect([table.has('to'), table.has('toll')]).toEqual([true, false]);
    expect(['from', 'to', 'distance'].map((name) => table.isNumeric(name))).toEqual([false, false, true]);
  });

  test('tells commas, semicolons and tabs apart by the first line, outside quotes', () => {
    expect(readCsv('a;b\n"1,5";2,5\n').text('a')).toEqual(['1,5']);
    expect(readCsv('a\tb,c\td\n1\t2\t3\n').names).toEqual(['a', 'b,c', 'd']);
    expect(readCsv('"a;b;c;d",e,f\n1,2,3\n').names).toEqual(['a;b;c;d', 'e', 'f']);
    expect(readCsv('a,b;c\n1,2;3\n', { delimiter: ';' }).names).toEqual(['a,b', 'c']);
    expect(readCsv('lonely\n1\n').names).toEqual(['lonely']);
  });

  test('passes over a byte order mark, CRLF, lone CR, blank lines and a missing last line end', () => {
    for (const text of ['\uFEFFa,b\r\n1,2\r\n\r\n3,4', 'a,b\r1,2\r\r3,4\r', '\n\na,b\n1,2\n\n3,4\n\n\n']) {
      expect(contents(readCsv(text))).toEqual([
        ['a', ['1', '3']],
        ['b', ['2', '4']],
      ]);
    }
    expect(contents(readCsv(new TextEncoder().encode('\uFEFFa\né\n')))).toEqual([['a', ['é']]]);
  });

  test('counts the lines inside quoted fields', () => {
    const table = readCsv('a,b\n"x\ny\r\nz",1\n\n"say ""hi""",2\n');
    expect(table.text('a')).toEqual(['x\ny\r\nz', 'say "hi"']);
    expect(linesOf(table)).toEqual([2, 6]);
  });

  test('reads what d3-dsv reads and writes', () => {
    const cell = fc.oneof(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', ';', 'é') }), fc.string());
    const rows = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
    fc.assert(
      fc.property(rows, (body) => {
        fc.pre(body.every((row) => row.every((field) => !field.includes('\0'))));
        const names = Array.from({ length: body[0]?.length ?? 2 }, (_, k) => `c${k}`);
        // d3 leaves a lone '\r' unquoted nowhere, and neither do we read one inside quotes as a line end.
        const text = csvFormatRows([names, ...body]);
        const table = readCsv(text, { delimiter: ',' });
        const ours = Array.from({ length: table.size }, (_, row) => names.map((name) => table.text(name)[row]));
        expect(ours).toEqual(dsvFormat(',').parseRows(text).slice(1));
        expect(ours).toEqual(body);
      }),
    );
  });

  test('reads every number as the engine does', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.double({ min: 0, max: 1000, noNaN: true }),
    );
    const written = fc.oneof(
      number.map(String),
      fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(12)).map(([x, digits]) => x.toFixed(digits)),
      fc.constantFrom('+5', '.5', '5.', '-0', ' 7 ', '1e3', '1E-3', '007', '7.12506e+007', '123456789012345678901234567890'),
    );
    fc.assert(
      fc.property(fc.array(written, { minLength: 1 }), (cells) => {
        expect(readCsv(`x\n${cells.join('\n')}\n`).numbers('x')).toEqual(Float64Array.from(cells, Number));
      }),
    );
  });

  test('empty cells, NA and NaN are refused as numbers, or NaN where the caller says so', async () => {
    const table = readCsv('a,b\n1,x\n,y\nNA,z\n');
    expect(table.numbers('a', { missing: 'nan' })).toEqual(Float64Array.of(1, Number.NaN, Number.NaN));
    expect(await complaint(() => table.numbers('a'))).toBe(
      'FileError NOT_A_NUMBER: line 3, column "a": expected a number, got an empty cell',
    );
    expect(table.isNumeric('a')).toBe(true);
    expect(readCsv('a,b\n,1\n').isNumeric('a')).toBe(false);
  });

  test('says where what is wrong', async () => {
    const lines = Array.from({ length: 20 }, (_, k) => `A,B,${k === 15 ? 'abc' : k}`);
    const table = readCsv(`from,to,distance\n${lines.join('\n')}\n`);
    expect(await complaint(() => table.numbers('distance'))).toBe(
      'FileError NOT_A_NUMBER: line 17, column "distance": expected a number, got "abc"',
    );
    expect(await complaint(() => table.numbers('cost'))).toBe(
      'FileError MISSING_COLUMN: no column "cost"; there are: "from", "to", "distance"',
    );
    for (const odd of ['0x10', 'Infinity', '1_000', '1 2', '--1', '.', '1e999', 'e5']) {
      expect(await complaint(() => readCsv(`x\n${odd}\n`).numbers('x'))).toMatch(
        /^FileError NOT_A_NUMBER: line 2, column "x": expected a number, got "/,
      );
    }
  });

  test('refuses what is no table', async () => {
    const cases: [string | Uint8Array, string][] = [
      ['', 'EMPTY_FILE: f.csv: expected a header line with column names, got an empty file'],
      ['\r\n\n', 'EMPTY_FILE: f.csv: expected a header line with column names, got an empty file'],
      ['a,b\n1,2\n3\n', 'BAD_FORMAT: f.csv, line 3: expected 2 fields as in the first row, got 1'],
      ['a,b\n1,2,3\n', 'BAD_FORMAT: f.csv, line 2: expected 2 fields as in the first row, got 3'],
      ['a, a\n1,2\n', 'DUPLICATE: f.csv, line 1: two columns are called "a"'],
      ['a,b\n1,"2\n3,4\n', 'BAD_FORMAT: f.csv, line 2: a quoted field that starts here is never closed'],
      ['a,b\n"1"x,2\n', 'BAD_FORMAT: f.csv, line 2: expected a delimiter or the end of the line after a closing quote, got "x"'],
      ['a,b\n1,\0\n', 'NOT_TEXT: f.csv: not text: NUL characters, as binary files and UTF-16 text have them'],
      [Uint8Array.of(97, 10, 0xff, 0xd8), 'NOT_TEXT: f.csv: not UTF-8 text: a binary file, or text in another encoding'],
    ];
    for (const [file, message] of cases) {
      expect(await complaint(() => readCsv(file, { source: 'f.csv' }))).toBe(`FileError ${message}`);
      expect(await complaint(() => readCsvStream([file], { source: 'f.csv' }))).toBe(`FileError ${message}`);
    }
    expect(await complaint(() => readCsv(7 as never))).toBe('TypeError: text: expected a text or a Uint8Array, got 7');
    expect(await complaint(() => readCsv('a', { delimiter: '|' as never }))).toMatch(/^RangeError: delimiter: expected one of /);
    expect(await complaint(() => readCsv('a', { headers: true } as never))).toMatch(
      /^TypeError: readCsv: unknown option "headers"/,
    );
  });
});

describe('readCsvStream', () => {
  const texts = [
    'name,ü x,n\n"Straße 🚲\r\n""5""",é,1\r\n\r\nfoo,😀,-2.5\r\n,NA,\r\n',
    '\uFEFFa;b\r1;"2;"\r3;4',
    'a,b\n1,2\n3\n',
    'a\n"never closed\n',
    'a,b\n1,2\nx,4\n',
    'x\n1\n2\n',
    '\n',
    'only\n',
  ];

  test('gives the same table as the whole text, wherever the file is cut', async () => {
    for (const text of texts) {
      const whole = await outcome(() => [contents(readCsv(text)), linesOf(readCsv(text))]);
      await fc.assert(
        fc.asyncProperty(cutAnywhere(text), async (pieces) => {
          const read = async () => {
            const table = await readCsvStream(pieces, { text: (names) => names });
            return [contents(table), linesOf(table)];
          };
          expect(await outcome(read)).toEqual(whole);
        }),
        { numRuns: 60 },
      );
    }
  });

  test('keeps numbers as numbers and refuses a later text in their column', async () => {
    async function* pieces() {
      yield 'id,x,name\n01,1,p\n';
      yield '1,,q\n01,abc,p\n';
    }
    const table = await readCsvStream(pieces(), { text: ['id'] });
    expect(table.coded('id')).toEqual({ codes: Int32Array.of(0, 1, 0), values: ['01', '1'] });
    expect(table.text('name')).toEqual(['p', 'q', 'p']);
    expect(table.isNumeric('x')).toBe(false);
    expect(await complaint(() => table.numbers('x', { missing: 'nan' }))).toBe(
      'FileError NOT_A_NUMBER: line 4, column "x": expected a number, got "abc"',
    );
    expect(await complaint(() => table.text('x'))).toMatch(
      /^FileError BAD_FORMAT: column "x": read as numbers; name it in the option "text"/,
    );
    expect(await complaint(() => readCsvStream(['a\n1\n'], { text: ['b'] }))).toBe(
      'FileError MISSING_COLUMN: no column "b"; there are: "a"',
    );
  });

  test('reports how far it is and stops when told', async () => {
    const text = `a\n${'12345678\n'.repeat(400_000)}`;
    const done: number[] = [];
    const table = await readCsvStream(text, { size: text.length, onProgress: ({ done: d, total }) => done.push(d / total) });
    expect(table.size).toBe(400_000);
    expect(done.length).toBeGreaterThan(2);
    expect(done.at(-1)).toBe(1);
    expect([...done].sort((a, b) => a - b)).toEqual(done);
    const stop = new AbortController();
    const stopped = readCsvStream(text, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    expect(await complaint(() => stopped)).toBe('Error: enough');
  });

  test('refuses what is not text in pieces', async () => {
    expect(await complaint(() => readCsvStream(7 as never))).toMatch(
      /^TypeError: chunks: expected a text, a Uint8Array or an \(async\) iterable/,
    );
    expect(await complaint(() => readCsvStream([7] as never))).toBe('TypeError: chunk: expected a text or a Uint8Array, got 7');
  });
});

describe('writeCsv', () => {
  test('writes numbers so that they come back, and quotes what needs it', () => {
    expect(writeCsv({ place: ['A', 'B, east'], score: [0.5, Number.NaN] })).toBe('place,score\nA,0.5\n"B, east",\n');
    expect(writeCsv({ a: ['x;y'] }, { delimiter: ';' })).toBe('a\n"x;y"\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string())), (rows) => {
        fc.pre(rows.every(([x, text]) => !text.includes('\0') && !Object.is(x, -0)));
        const table = readCsv(writeCsv({ x: Float64Array.from(rows, ([x]) => x), text: rows.map(([, text]) => text) }), {
          delimiter: ',',
        });
        expect(table.numbers('x')).toEqual(Float64Array.from(rows, ([x]) => x));
        expect(table.text('text')).toEqual(rows.map(([, text]) => text));
      }),
    );
  });

  test('a lone empty cell is not a blank line', () => {
    expect(readCsv(writeCsv({ a: ['', 'x'] })).text('a')).toEqual(['', 'x']);
  });

  test('refuses columns of unequal length and what is no array', async () => {
    expect(await complaint(() => writeCsv({ a: [1], b: [1, 2] }))).toBe(
      'RangeError: columns.b: expected 1 cells as in "a", got 2',
    );
    expect(await complaint(() => writeCsv({ a: 'text' }))).toBe('TypeError: columns.a: expected an array, got "text" (string)');
    expect(await complaint(() => writeCsv({}))).toBe('RangeError: columns: expected at least one column');
  });
});

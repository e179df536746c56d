import { describe, expect, test } from 'vitest';
import { CsrMatrix, graphFromRecords, IdIndex, matrixFromRecords } from '../../src/index.ts';

const trips = [
  { from: 'F', to: 'A', share: 0.9 },
  { from: 'G', to: 'A', share: 0.6 },
  { from: 'F', to: 'B', share: 0.2 },
];
const fields = { row: 'from', column: 'to', value: 'share' } as const;

function complaint(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return `${name}${code ? ` ${code}` : ''}: ${message}`;
  }
  return 'nothing was thrown';
}

describe('IdIndex', () => {
  test('numbers identifiers in the order of their first use', () => {
    const ids = new IdIndex('city', ['x', 'y', 'x', 'z']);
    expect(ids.ids).toEqual(['x', 'y', 'z']);
    expect(ids.size).toBe(3);
    expect(['x', 'y', 'z'].map((id) => ids.at(id))).toEqual([0, 1, 2]);
    expect(ids.has('y')).toBe(true);
    expect(ids.has('w')).toBe(false);
  });

  test('tells 1 from "1", and objects by identity', () => {
    const [a, b] = [{ name: 'a' }, { name: 'a' }];
    const ids = new IdIndex<unknown>('thing', [1, '1', a, b, Number.NaN, true]);
    expect(ids.size).toBe(6);
    expect([ids.at(1), ids.at('1'), ids.at(a), ids.at(b), ids.at(Number.NaN)]).toEqual([0, 1, 2, 3, 4]);
    expect(ids.has({ name: 'a' })).toBe(false);
  });

  test('takes names that objects have of their own', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const ids = new IdIndex('word', names);
    expect(names.map((name) => ids.at(name))).toEqual([0, 1, 2, 3]);
    expect(ids.has('valueOf')).toBe(false);
  });

  test('refuses an unknown identifier and points to one of another kind', () => {
    const ids = new IdIndex<unknown>('city', [7, 'x', {}, Object.create(null), Symbol('s')]);
    expect(complaint(() => ids.at('7'))).toBe(
      'SpinifexError UNKNOWN_ID: city: "7" (string) is not among the 5 known identifiers; there is 7, which is another kind of value',
    );
    expect(complaint(() => ids.at('y'))).toBe(
      'SpinifexError UNKNOWN_ID: city: "y" (string) is not among the 5 known identifiers',
    );
    expect(complaint(() => ids.at({}))).toBe('SpinifexError UNKNOWN_ID: city: an object is not among the 5 known identifiers');
    expect(complaint(() => ids.at('[object Object]'))).toMatch(/^SpinifexError UNKNOWN_ID: .* known identifiers$/);
    expect(complaint(() => ids.at(Symbol('t')))).toMatch(/^SpinifexError UNKNOWN_ID: /);
  });
});

describe('matrixFromRecords', () => {
  test('puts every record in the row and column of its identifiers', () => {
    const { matrix, rows, columns } = matrixFromRecords(trips, fields);
    expect(matrix).toBeInstanceOf(CsrMatrix);
    expect([matrix.rows, matrix.cols, matrix.nnz]).toEqual([2, 2, 3]);
    expect([rows.ids, columns.ids]).toEqual([
      ['F', 'G'],
      ['A', 'B'],
    ]);
    for (const { from, to, share } of trips) expect(matrix.get(rows.at(from), columns.at(to))).toBe(share);
  });

  test('reads fields by functions, identifiers of any kind, and 1 for a value that is not named', () => {
    const people = [{ name: 'p' }, { name: 'q' }];
    const visits = [
      { who: people[0], what: { id: '__proto__' } },
      { who: people[1], what: { id: 'constructor' } },
      { who: people[0], what: { id: 'constructor' } },
    ];
    const { matrix, rows, columns } = matrixFromRecords(visits, { row: 'who', column: ({ what }) => what.id });
    expect([...rows.ids]).toEqual(people);
    expect(rows.at(people[1] as never)).toBe(1);
    expect(matrix.get(0, columns.at('__proto__'))).toBe(1);
    expect(matrix.nnz).toBe(3);
    const mixed = matrixFromRecords([{ r: 1 }, { r: '1' }], { row: 'r', column: () => 0 });
    expect([...mixed.rows.ids]).toEqual([1, '1']);
  });

  test('stores a 0 as an entry', () => {
    expect(matrixFromRecords([{ a: 1, b: 2, v: 0 }], { row: 'a', column: 'b', value: 'v' }).matrix.nnz).toBe(1);
  });

  test('refuses, adds, averages or replaces what is given twice', () => {
    const twice = [...trips, { from: 'F', to: 'A', share: 0.3 }, { from: 'F', to: 'A', share: 0.6 }];
    const value = (duplicates: 'sum' | 'mean' | 'last') => matrixFromRecords(twice, { ...fields, duplicates }).matrix.get(0, 0);
    expect(value('sum')).toBeCloseTo(1.8, 15);
    expect(value('mean')).toBeCloseTo(0.6, 15);
    expect(value('last')).toBe(0.6);
    for (const duplicates of [undefined, 'refuse'] as const) {
      expect(complaint(() => matrixFromRecords(twice, { ...fields, ...(duplicates && { duplicates }) }))).toBe(
        'RangeError: records: row "F" (string), column "A" (string) is given twice, by records[0] and records[3]; ' +
          "duplicates: 'sum', 'mean' or 'last' accepts that",
      );
    }
    const other = matrixFromRecords(twice, { ...fields, duplicates: 'last' }).matrix;
    expect([other.get(1, 0), other.get(0, 1)]).toEqual([0.6, 0.2]);
  });

  test.each([
    ['no records', () => matrixFromRecords([], fields), /^RangeError: records: expected at least one/],
    ['no array', () => matrixFromRecords('x' as never, fields), /^TypeError: records: expected an array of records, got "x"/],
    ['no object', () => matrixFromRecords([trips[0], 7] as never, fields), /^TypeError: records\[1\]: expected an object, got 7/],
    [
      'a missing field',
      () => matrixFromRecords([{ from: 1, to: 2 }] as never, fields),
      /^TypeError: records\[0\]: expected a field "share"/,
    ],
    [
      'a missing identifier',
      () => matrixFromRecords([{ from: 1, to: undefined, share: 1 }], fields),
      /records\[0\]: the identifier of its column is undefined: expected an identifier/,
    ],
    ['null as identifier', () => matrixFromRecords([{ from: null, to: 1, share: 1 }], fields), /identifier of its row is null/],
    [
      'a text as value',
      () => matrixFromRecords([trips[0], { ...trips[1], share: '1' }] as never, fields),
      /^TypeError: records\[1\]: its value is "1" \(string\)/,
    ],
    ['NaN', () => matrixFromRecords([{ ...trips[0], share: Number.NaN }], fields), /^RangeError: records\[0\]: its value is NaN/],
    ['Infinity', () => matrixFromRecords([{ ...trips[0], share: Infinity }], fields), /records\[0\]: its value is Infinity/],
    [
      'no name of a field',
      () => matrixFromRecords(trips, { ...fields, row: 3 } as never),
      /^TypeError: row: expected the name of a field/,
    ],
    ['an unknown option', () => matrixFromRecords(trips, { ...fields, rows: 'from' } as never), /rows/],
    [
      'an unknown rule',
      () => matrixFromRecords(trips, { ...fields, duplicates: 'first' } as never),
      /^RangeError: duplicates: expected/,
    ],
  ])('refuses %s', (_, body, expected) => {
    expect(complaint(body)).toMatch(expected);
  });
});

describe('graphFromRecords', () => {
  const edges = [
    { a: 'A', b: 'B', w: 2 },
    { a: 'B', b: 'C', w: 3 },
    { a: 'C', b: 'C', w: 5 },
  ];
  const ends = { from: 'a', to: 'b', weight: 'w' } as const;

  test('enters edges one way, or both ways', () => {
    const one = graphFromRecords(edges, ends);
    expect([...one.nodes.ids]).toEqual(['A', 'B', 'C']);
    expect([one.matrix.get(0, 1), one.matrix.get(1, 0), one.matrix.get(2, 2)]).toEqual([2, 0, 5]);
    const both = graphFromRecords(edges, { ...ends, directed: false }).matrix;
    expect([both.get(0, 1), both.get(1, 0), both.get(1, 2), both.get(2, 1), both.get(2, 2)]).toEqual([2, 2, 3, 3, 5]);
    expect(graphFromRecords(edges, { from: 'a', to: 'b' }).matrix.get(1, 2)).toBe(1);
  });

  test.each(['sum', 'mean', 'last'] as const)(
    "has the same weight both ways with duplicates '%s', whichever way an edge was written",
    (duplicates) => {
      const again = [
        { a: 'A', b: 'B', w: 0.1 },
        { a: 'B', b: 'A', w: 0.7 },
        { a: 'A', b: 'B', w: 0.3 },
        { a: 'B', b: 'A', w: 1e-9 },
      ];
      const { matrix } = graphFromRecords(again, { ...ends, directed: false, duplicates });
      expect(matrix.get(0, 1)).toBe(matrix.get(1, 0));
      const expected = { sum: 1.100000001, mean: 0.27500000025, last: 1e-9 }[duplicates];
      expect(matrix.get(0, 1)).toBeCloseTo(expected, 14);
    },
  );

  test('adds up parallel edges unless told to refuse them', () => {
    const twice = [...edges, { a: 'A', b: 'B', w: 1 }];
    expect(graphFromRecords(twice, ends).matrix.get(0, 1)).toBe(3);
    expect(complaint(() => graphFromRecords(twice, { ...ends, duplicates: 'refuse' }))).toMatch(
      /^RangeError: records: the edge from "A" \(string\) to "B" \(string\) is given twice, by records\[0\] and records\[3\]/,
    );
  });

  test('refuses what is not a flag', () => {
    expect(complaint(() => graphFromRecords(edges, { ...ends, directed: 1 } as never))).toMatch(/^TypeError: directed/);
  });
});

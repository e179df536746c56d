import { describe, expect, test } from 'vitest';
import { readTntp, readTntpStream, type TntpFiles, type TntpOptions } from '../../src/city/reading/readTntp.ts';
import { complaint } from '../io/complaint.ts';

/** An invented town: zones 1 and 2, junctions 3 and 4. */
const metadata = '<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 4\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 5\n<END OF METADATA>\n\n';
const header = '~ \tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n';
const rows = [
  '\t1\t3\t1000\t2.5\t3\t0.15\t4\t50\t0\t1\t;\n',
  '\t3\t2\t500\t4\t5\t0.15\t4\t50\t10\t2\t;\n',
  '\t3\t4\t500\t1\t2\t0\t0\t30\t0\t2\t;\n',
  '\t4\t3\t0\t1\t2\t0.15\t4\t30\t0\t2\t;\n',
  '\t2\t4\t800\t3\t4\t0.5\t2\t50\t0\t1\t;\n',
];
const net = metadata + header + rows.join('');
const trips =
  '<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 7.5\n<END OF METADATA>\n\n\nOrigin  1\n    1 :      0.0;     2 :    3.0;\n\nOrigin  2\n    1 :    4.5;\n';
const flow =
  'From \tTo \tVolume \tCost \n1 \t3 \t1000 \t3.45 \n3 \t2 \t500 \t5.75 \n3 \t4 \t0 \t2 \n4 \t3 \t10 \t2 \n2 \t4 \t400 \t4.5 \n';
const node = 'Node\tX\tY\t;\n1\t0\t0\t;\n2\t5\t1\t;\n3\t2\t1.5\t;\n4\t3\t-1\t;\n';

const kinds = (files: TntpFiles, options?: TntpOptions) =>
  (readTntp(files, options).repairs ?? []).map(({ kind, lines }) => [kind, ...lines]);
const refusal = (files: TntpFiles, options?: TntpOptions) => complaint(() => readTntp(files, options));

describe('readTntp', () => {
  test('reads links, traffic, positions and trips', () => {
    const city = readTntp({ net, trips, flow, node });
    expect(city.zones).toEqual([
      { id: 1, x: 0, y: 0 },
      { id: 2, x: 5, y: 1 },
    ]);
    expect(city.junctions).toEqual([
      { id: 3, x: 2, y: 1.5 },
      { id: 4, x: 3, y: -1 },
    ]);
    expect(city.links[1]).toEqual({
      ...{ from: 3, to: 2, traffic: 500, distance: 4, cost: 5.75, capacity: 500 },
      ...{ freeFlowTime: 5, b: 0.15, power: 4, speed: 50, toll: 10, type: 2 },
    });
    expect(city.noThrough).toEqual(new Set([1, 2]));
    expect([city.coordinates, city.repairs, city.hourly]).toEqual(['plane', undefined, undefined]);
  });

  test('an explicit 0 of the trips is observed, a pair that is not there is unknown', () => {
    const matrix = readTntp({ net, trips }).trips;
    expect(matrix?.nnz).toBe(3);
    expect([...(matrix?.indptr ?? [])]).toEqual([0, 2, 3]);
    expect([...(matrix?.indices ?? [])]).toEqual([0, 1, 0]);
    expect([...(matrix?.data ?? [])]).toEqual([0, 3, 4.5]);
  });

  test('without a flow file traffic is unknown and cost is that of the empty road, with toll and length', () => {
    const plain = readTntp({ net }).links;
    expect(plain.map(({ traffic }) => traffic)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(plain.map(({ cost }) => cost)).toEqual([3, 5, 2, 2, 4]);
    const weighed = readTntp({ net }, { tollFactor: 0.5, distanceFactor: 2 }).links;
    expect(weighed.map(({ cost }) => cost)).toEqual([8, 18, 4, 4, 10]);
  });

  test('cost is time (1 + b (v / capacity)^power) where the flow file has none', () => {
    const bare = 'From\tTo\tVolume\n1\t3\t2000\n3\t2\t500\n3\t4\t9\n4\t3\t10\n2\t4\t400\n';
    const costs = readTntp({ net, flow: bare }, { tollFactor: 1 }).links.map(({ cost }) => cost);
    for (const [e, cost] of [3 * (1 + 0.15 * 16), 5 * 1.15 + 10, 2, 2, 4 * (1 + 0.5 / 4)].entries())
      expect(costs[e]).toBeCloseTo(cost, 12);
  });

  test('names of columns decide, in any order and spelling; unknown ones become attributes', () => {
    const odd =
      '~ Init node \tTerm node \tLength (km) \tCapacity (veh/h) \tFree Flow Time (min)\tB\tPower\tcritical_speed\tlanes ;\n';
    const text = `${metadata.replace('LINKS> 5', 'LINKS> 1')}~ the next line is the header\n${odd}\t1\t3\t2.5\t1000\t3\t0.15\t4\t20\t2\t;\n`;
    expect(readTntp({ net: text }).links).toEqual([
      {
        from: 1,
        to: 3,
        distance: 2.5,
        capacity: 1000,
        freeFlowTime: 3,
        b: 0.15,
        power: 4,
        cost: 3,
        attributes: { critical_speed: 20, lanes: 2 },
      },
    ]);
  });

  test('a header that lacks the last column is completed, a missing one replaced', () => {
    const cut = header.replace('\tlink_type', '');
    expect(readTntp({ net: metadata + cut + rows.join('') }).links).toEqual(readTntp({ net }).links);
    expect(kinds({ net: metadata + cut + rows.join('') })).toEqual([['short-header', 8]]);
    expect(readTntp({ net: metadata + rows.join('') }).links).toEqual(readTntp({ net }).links);
    expect(kinds({ net: metadata + rows.join('') })).toEqual([['no-header', 7]]);
  });

  test('semicolons may be missing or glued to the last number', () => {
    const mended =
      metadata +
      header +
      rows[0] +
      rows[1].replace('\t;', '') +
      rows[2].replace('\t;', ';') +
      rows[3].replace('\t;', '\t') +
      rows[4];
    expect(readTntp({ net: mended }).links).toEqual(readTntp({ net }).links);
    expect(kinds({ net: mended })).toEqual([['missing-semicolon', 9, 11]]);
  });

  test('an empty field between tabs is a field', () => {
    const { links, repairs } = readTntp({ net: metadata + header + rows[0].replace('\t50\t', '\t\t') + rows.slice(1).join('') });
    expect([links[0].speed, links[0].toll, links[0].type]).toEqual([undefined, 0, 1]);
    expect(repairs).toEqual([
      {
        ...{ kind: 'empty-field', source: 'net', count: 1, lines: [8] },
        description: 'an empty field: a distance is read as 0, anything else is left out',
      },
    ]);
  });

  test('CRLF, comments anywhere and spaces for tabs change nothing', () => {
    const whole = readTntp({ net, trips, flow, node });
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    expect(readTntp({ net: crlf(net), trips: crlf(trips), flow: crlf(flow), node: crlf(node) })).toEqual(whole);
    const commented = net.replace(rows[2], `~ length from toll to b\n${rows[2].replace(';', '; ~ closed at night')}`);
    const noted = trips.replace('Origin  2', '~ Origin 9\nOrigin  2 ~ the centre');
    expect(readTntp({ net: commented, trips: noted, flow, node })).toEqual(whole);
    const spaced = readTntp({ net, trips, flow, node: '1 0 0\n2   5 1\n 3 2 1.5\n4 3 -1\n' });
    expect({ ...spaced, repairs: undefined }).toEqual({ ...whole, repairs: undefined });
    expect(spaced.repairs?.map(({ kind, count }) => [kind, count])).toEqual([
      ['no-header', 1],
      ['spaces-for-tabs', 4],
    ]);
  });

  test('metadata may have tabs around values, placeholders and a ~ inside', () => {
    const odd = net
      .replace('<NUMBER OF ZONES> 2', '<NUMBER OF ZONES>\t2\t\t')
      .replace('<END', '<ORIGINAL HEADER>~ \tcapacity\tlength\n<TOTAL OD FLOW> -1\n<END');
    expect(readTntp({ net: odd })).toEqual(readTntp({ net }));
    const placeholders = '<NUMBER OF NODES> -1\n<NUMBER OF LINKS> -1\n<END OF METADATA>\n~ \tTail\tHead\tVolume\tCost\t;\n';
    const tailHead = placeholders + flow.split('\n').slice(1, -1).map((row) => `${row};\n`).join(''); // biome-ignore format: one row each
    expect(readTntp({ net, flow: tailHead }).links).toEqual(readTntp({ net, flow }).links);
  });

  test('of links given twice the first is kept', () => {
    const twice = net.replace('LINKS> 5', 'LINKS> 6') + rows[0].replace('1000', '7');
    expect(readTntp({ net: twice }).links).toEqual(readTntp({ net }).links);
    expect(kinds({ net: twice })).toEqual([['duplicate-link', 13]]);
    expect(kinds({ net: twice, flow: `${flow}1\t3\t5\t5\n` })).toEqual([
      ['duplicate-link', 13],
      ['duplicate-flow', 7],
    ]);
  });

  test('a link without a row in the flow file has no traffic, and the cost of the empty road', () => {
    const city = readTntp({ net, flow: flow.replace(/2 \t4 .*\n/, '') });
    expect([city.links[4].traffic, city.links[4].cost]).toEqual([undefined, 4]);
    expect(city.repairs?.map(({ kind, count }) => [kind, count])).toEqual([['missing-flow', 1]]);
  });

  test('trips may be spaced in any way, over any lines', () => {
    const odd = trips.replace('1 :      0.0;     2 :    3.0;', '1\t:\t0.0;2:\n3.0\n;').replace('4.5;', '4.5 ; ;');
    expect(readTntp({ net, trips: odd })).toEqual(readTntp({ net, trips }));
    const open = trips.replace('0.0;', '0.0').replace('4.5;', '4.5');
    expect(readTntp({ net, trips: open }).trips).toEqual(readTntp({ net, trips }).trips);
    expect(kinds({ net, trips: open })).toEqual([['missing-semicolon', 7, 10]]);
  });

  test('zones with ids of their own are those that trips use', () => {
    const far =
      '<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 2146237931\n2146237932 : 3;\nOrigin 2146237932\n2146237931 : 4.5;\n';
    const links = rows.map((row) =>
      row.replace(/^\t([12])\t/, '\t214623793$1\t').replace(/^(\t\d+\t)([12])\t/, '$1214623793$2\t'),
    );
    const city = readTntp({ net: metadata.replace('<FIRST THRU NODE> 3\n', '') + header + links.join(''), trips: far });
    expect(city.zones.map(({ id }) => id)).toEqual([2146237931, 2146237932]);
    expect([...(city.trips?.data ?? [])]).toEqual([3, 4.5]);
    expect(city.noThrough).toBeUndefined();
    expect(city.repairs?.map(({ kind, source, lines }) => [kind, source, lines])).toEqual([['own-numbering', 'trips', [3]]]);
  });

  test('a node file may be GeoJSON', () => {
    const features = [1, 2, 3, 4].map((id) => ({
      type: 'Feature',
      properties: { id },
      geometry: { type: 'Point', coordinates: [13 + id, 52] },
    }));
    const city = readTntp({ net, node: JSON.stringify({ type: 'FeatureCollection', features }) });
    expect([city.coordinates, city.junctions?.[1]]).toEqual(['degrees', { id: 4, x: 17, y: 52 }]);
  });

  test('a total that differs a little is noted, one written with few digits is not different', () => {
    expect(kinds({ net, trips: trips.replace('7.5', '7.499') })).toEqual([['total-flow', 10]]);
    expect(kinds({ net, trips: trips.replace('7.5', '6.5') })).toEqual([['total-flow', 10]]);
    expect(kinds({ net, trips: trips.replace('7.5', '0.75e+001') })).toEqual([]);
    expect(kinds({ net, trips: trips.replace('7.5', '8') })).toEqual([]);
  });

  test('more links than declared are noted', () => {
    expect(kinds({ net: net.replace('LINKS> 5', 'LINKS> 4') })).toEqual([['link-count', 12]]);
  });

  test('a file that was cut is refused', async () => {
    const lines = net.split('\n');
    expect(await refusal({ net: lines.slice(0, 10).join('\n') })).toBe(
      'FileError TRUNCATED_FILE: net, line 10: the file ends after 3 links, NUMBER OF LINKS is 5',
    );
    expect(await refusal({ net: metadata + header })).toBe('FileError TRUNCATED_FILE: net: the file ends before its first row');
    expect(await refusal({ net: net.slice(0, -25) })).toMatch(
      /^FileError BAD_FORMAT: net, line 12: expected 10 fields \(init_node, .*\), got \d$/,
    );
    expect(await refusal({ net, trips: trips.replace(/Origin {2}2[\s\S]*/, '') })).toBe(
      'FileError TRUNCATED_FILE: trips, line 7: the file ends with 3 trips, TOTAL OD FLOW is 7.5',
    );
    expect(await refusal({ net, trips: trips.slice(0, -6) })).toBe(
      'FileError TRUNCATED_FILE: trips, line 10: the file ends inside a pair of zones',
    );
    expect(await refusal({ net, trips: trips.slice(0, -3) })).toMatch(
      /^FileError TRUNCATED_FILE: trips, line 10: the file ends with 7 trips/,
    );
    const short = { net: lines.slice(0, 10).join('\n'), trips: trips.replace(/Origin {2}2[\s\S]*/, '') };
    expect(kinds(short, { mismatch: 'repair' }).map(([kind]) => kind)).toEqual(['link-count', 'total-flow']);
  });

  test('places that are unknown are refused by name', async () => {
    expect(await refusal({ net: net.replace('\t4\t3\t', '\t9\t3\t') })).toBe(
      'FileError UNKNOWN_ID: net, line 11: node 9 is unknown: NUMBER OF NODES is 4',
    );
    expect(await refusal({ net, node: node.replace(/^3.*\n/m, '') })).toBe(
      'FileError UNKNOWN_ID: net, line 8: node 3 is not in the node file',
    );
    expect(await refusal({ net, trips: trips.replace('2 :', '3 :') })).toBe(
      'FileError UNKNOWN_ID: trips, line 7: zone 3 is not among the zones 1..2',
    );
    expect(await refusal({ net, flow: `${flow}4\t1\t5\t5\n` })).toBe(
      'FileError UNKNOWN_ID: flow, line 7: the link from 4 to 1 is not in the net file',
    );
    expect(kinds({ net, node: node.replace(/^3.*\n/m, '') }, { mismatch: 'repair' })).toEqual([['no-position', 8]]);
  });

  test('numbers that cannot be are refused with their place', async () => {
    expect(await refusal({ net: net.replace('\t2.5\t', '\t-2.5\t') })).toBe(
      'FileError BAD_VALUE: net, line 8, column "length": expected a number >= 0, got -2.5',
    );
    expect(await refusal({ net: net.replace('\t2.5\t', '\tfar\t') })).toBe(
      'FileError NOT_A_NUMBER: net, line 8, column "length": expected a number, got "far"',
    );
    expect(await refusal({ net: net.replace('\t1\t3\t', '\t1.5\t3\t') })).toBe(
      'FileError BAD_VALUE: net, line 8, column "init_node": expected a whole number, got 1.5',
    );
    expect(await refusal({ net, flow: flow.replace('1000', '-1') })).toBe(
      'FileError BAD_VALUE: flow, line 2, column "volume": expected a number >= 0, got -1',
    );
    expect(await refusal({ net, trips: trips.replace('3.0', '-3') })).toBe(
      'FileError BAD_VALUE: trips, line 7: expected trips >= 0, got -3',
    );
    expect(await refusal({ net, trips: trips.replace('4.5;', '4.5; 1 : 2;') })).toBe(
      'FileError DUPLICATE: trips, line 10: trips from 2 to 1 are given twice, first in line 10',
    );
  });

  test('files of another kind are refused', async () => {
    expect(await refusal({ net: '' })).toBe('FileError EMPTY_FILE: net: expected rows, got an empty file');
    expect(await refusal({ net, trips: '' })).toBe('FileError EMPTY_FILE: trips: expected trips, got an empty file');
    expect(await refusal({ net, trips: net })).toBe('FileError BAD_FORMAT: trips, line 8: expected "Origin", got 1');
    expect(await refusal({ net: trips })).toMatch(
      /^FileError NOT_A_NUMBER: net, line 6, column "init_node": expected a number, got "Origin"$/,
    );
    expect(await refusal({ net: Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff) })).toMatch(/^FileError NOT_TEXT: net: /);
    expect(await refusal({ net: '~ \tfrom\tto\tcapacity\n\t1\t2\t3\t;\n' })).toBe(
      'FileError MISSING_COLUMN: net, line 2: no column "length"; there are: "init_node", "term_node", "capacity"',
    );
    expect(await refusal({} as never)).toBe('TypeError: files.net: expected the text of a net file, got undefined');
    expect(await refusal({ net, flows: flow } as never)).toMatch(/^TypeError: files: unknown option "flows"/);
    expect(await refusal({ net }, { tollFactor: -1 })).toBe('RangeError: tollFactor: expected a number >= 0, got -1');
  });

  test('strict reading refuses the first flaw that it would mend', async () => {
    expect(readTntp({ net, trips, flow, node }, { strict: true })).toEqual(readTntp({ net, trips, flow, node }));
    const twice = net.replace('LINKS> 5', 'LINKS> 6') + rows[0];
    expect(await refusal({ net: twice }, { strict: true })).toBe('FileError STRICT: net, line 13: a link given twice');
    expect(await refusal({ net, trips: trips.replace('7.5', '7.499') }, { strict: true })).toMatch(
      /^FileError STRICT: trips, line 10: /,
    );
  });

  test('progress names the file', async () => {
    const seen = new Set<string>();
    const sizes = { net: net.length, trips: trips.length };
    const city = await readTntpStream(
      { net: [net], trips: [trips] },
      { sizes, onProgress: ({ file, done, total }) => seen.add(`${file} ${done === total}`) },
    );
    expect(city).toEqual(readTntp({ net, trips }));
    expect([...seen]).toEqual(['net true', 'trips true']);
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await complaint(() => readTntpStream({ net: [net] }, { signal }))).toBe('Error: enough');
  });
});

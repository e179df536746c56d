import fc from 'fast-check';
import type { TntpFiles } from '../../src/city/reading/readTntp.ts';

/** An invented town and how carelessly its files are written. */
export interface Town {
  zones: number;
  nodes: number;
  /** What is added to ids of nodes: towns that number their nodes in their own way. */
  shift: number;
  links: { from: number; to: number; values: number[]; volume: number; cost: number }[];
  trips: { origin: number; destination: number; flow: number }[];
  positions: [number, number][];
  habits: Habits;
}

interface Habits {
  crlf: boolean;
  header: 'usual' | 'spoken' | 'none';
  /** One of these follows each row, in turn. */
  ends: string[];
  comments: boolean;
  colon: string;
  gaps: string[];
  flowMetadata: boolean;
  spacedNodes: boolean;
}

const amount = fc.oneof(
  fc.nat(50_000),
  fc.double({ min: 0, max: 1e5, noNaN: true }),
  fc.nat(10 ** 6).map((x) => x / 1000),
);

const habits: fc.Arbitrary<Habits> = fc.record({
  crlf: fc.boolean(),
  header: fc.constantFrom('usual', 'spoken', 'none'),
  ends: fc.array(fc.constantFrom('\t;', ';', '', '\t', ' ;\t', '\t; ~ checked'), { minLength: 1, maxLength: 5 }),
  comments: fc.boolean(),
  colon: fc.constantFrom(':', ' : ', '\t:\t', ' :\n'),
  gaps: fc.array(fc.constantFrom(' ', '', '\n', '    ', '\n~ a note: 3 ; 4\n'), { minLength: 1, maxLength: 4 }),
  flowMetadata: fc.boolean(),
  spacedNodes: fc.boolean(),
});

export const town: fc.Arbitrary<Town> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.constantFrom(0, 0, 2_146_000_000), habits)
  .chain(([zones, junctions, shift, how]) => {
    const nodes = zones + junctions;
    const node = fc.integer({ min: 1, max: nodes });
    const zone = fc.integer({ min: 1, max: zones });
    const link = fc.record({
      from: node,
      to: node,
      values: fc.array(amount, { minLength: 8, maxLength: 8 }),
      volume: amount,
      cost: amount,
    });
    const trip = fc.record({ origin: zone, destination: zone, flow: amount });
    return fc.record({
      zones: fc.constant(zones),
      nodes: fc.constant(nodes),
      shift: fc.constant(shift),
      // All nodes are on a ring, so that all are known.
      links: fc
        .tuple(fc.array(link, { minLength: nodes, maxLength: nodes }), fc.array(link, { maxLength: 6 }))
        .map(([ring, more]) => [...ring.map((road, k) => ({ ...road, from: k + 1, to: ((k + 1) % nodes) + 1 })), ...more]),
      trips: fc
        .uniqueArray(trip, { selector: ({ origin, destination }) => `${origin} ${destination}`, minLength: 1, maxLength: 10 })
        .map((all) => {
          // Every zone is used, or a town with its own numbers could not know it.
          const used = new Set(all.flatMap(({ origin, destination }) => [origin, destination]));
          const idle = Array.from({ length: zones }, (_, k) => k + 1).filter((id) => !used.has(id));
          return [...all, ...idle.map((id) => ({ origin: id, destination: id, flow: 0 }))].sort((a, b) => a.origin - b.origin);
        }),
      positions: fc.array(
        fc.tuple(
          fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0),
          fc.integer(),
        ),
        {
          minLength: nodes,
          maxLength: nodes,
        },
      ),
      habits: fc.constant(how),
    });
  });

const usual = '~ \tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n';
const spoken =
  '~ Init node \tTerm node \tCapacity (veh/h) \tLength (mi) \tFree Flow Time \tB\tPower\tSpeed limit \tToll \tType\t;\n';

/** The files of a town, with its habits. */
export function townFiles({ zones, nodes, shift, links, trips, positions, habits: how }: Town): Required<TntpFiles<string>> {
  const id = (node: number) => node + shift;
  const end = (k: number) => `${how.ends[k % how.ends.length]}\n`;
  const note = how.comments ? '~ measured by hand\n\n' : '';
  const through = shift === 0 ? `<FIRST THRU NODE>\t${zones + 1}\n` : '';
  const header = { usual, spoken, none: '' }[how.header];
  const netRows = links.map(({ from, to, values }, k) => `\t${[id(from), id(to), ...values].join('\t')}${end(k)}`);
  const count = `<NUMBER OF ZONES> ${zones}\n<NUMBER OF NODES>\t${nodes}\t\n${through}<NUMBER OF LINKS> ${links.length}\n`;
  const net = `${count}<ORIGINAL HEADER>~ length toll\n<END OF METADATA>\n\n${note}${header}${note}${netRows.join('')}`;
  const total = trips.reduce((sum, { flow }) => sum + flow, 0);
  const pairs = trips.map(({ origin, destination, flow }, k) => {
    const start = trips[k - 1]?.origin === origin ? '' : `\nOrigin  ${id(origin)}\n`;
    return `${start}${how.gaps[k % how.gaps.length]} ${id(destination)}${how.colon}${flow};`;
  });
  const od = `<NUMBER OF ZONES> ${zones}\n<TOTAL OD FLOW> ${total}\n<END OF METADATA>\n${note}${pairs.join('')}\n`;
  const flowRows = links.map(({ from, to, volume, cost }) => `${id(from)} \t${id(to)} \t${volume} \t${cost} `);
  const flow = how.flowMetadata
    ? `<NUMBER OF NODES> -1\n<END OF METADATA>\n~ Tail\tHead\tVolume\tCost\t;\n${flowRows.map((row) => `${row}\t;\n`).join('')}`
    : `From \tTo \tVolume \tCost \n${flowRows.join('\n')}\n`;
  const separator = how.spacedNodes ? '  ' : '\t';
  const nodeRows = positions.map(([x, y], k) => `${[id(k + 1), x, y].join(separator)}${how.spacedNodes ? '' : '\t;'}\n`);
  const node = (how.spacedNodes ? '' : 'Node\tX\tY\t;\n') + nodeRows.join('');
  const files = { net, trips: od, flow, node };
  if (how.crlf)
    for (const name of Object.keys(files) as (keyof typeof files)[]) files[name] = files[name].replaceAll('\n', '\r\n');
  return files;
}

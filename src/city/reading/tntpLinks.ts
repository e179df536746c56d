import { Dictionary } from '../../io/dictionary.ts';
import { FileError } from '../../io/fileError.ts';
import type { Link } from '../city.ts';
import { linkCost } from '../roads/linkCosts.ts';
import { firstWithKey } from './firstWithKey.ts';
import { type LinkNumbers, setLinkNumbers } from './linkNumbers.ts';
import { numbersOf } from './numbersOf.ts';
import type { RepairLog } from './repairLog.ts';
import { NET_COLUMNS } from './tntpColumns.ts';
import type { TntpRows } from './tntpRows.ts';

/** What toll and length weigh in the cost of a link. */
export interface TollAndDistance {
  tollFactor: number;
  distanceFactor: number;
}

/** Ids below this make a key of two without being numbered anew. */
const KEY = 1 << 26;

/** One number for each pair of nodes; `number` is only asked for ids that are too large. */
function keysOf(from: Float64Array, to: Float64Array, number: (id: number) => number): Float64Array {
  return from.map((start, e) => {
    return start < KEY && to[e] < KEY ? start * KEY + to[e] : -1 - (number(start) * KEY + number(to[e]));
  });
}

/** The links of a net file, the first of each pair, with the traffic and cost of a flow file where there is one. */
export function tntpLinks(
  net: TntpRows,
  netLog: RepairLog,
  flow: { rows: TntpRows; log: RepairLog } | undefined,
  factors: TollAndDistance,
): Link[] {
  const from = places(net, 'net', 'init_node');
  const to = places(net, 'net', 'term_node');
  const column = (name: string) => nonNegative(net, 'net', name);
  const length = column('length') as Float64Array;
  const numbers: LinkNumbers = {
    capacity: column('capacity'),
    freeFlowTime: column('free_flow_time'),
    b: column('b'),
    power: column('power'),
  };
  Object.assign(numbers, { speed: column('speed'), toll: column('toll'), type: net.column('link_type') });
  const others = net.names
    .filter((name) => !NET_COLUMNS.names.includes(name))
    .map((name) => [name, net.column(name) as Float64Array] as const);
  const ids = new Dictionary();
  const number = (id: number) => ids.code(id);
  const keys = keysOf(from, to, number);
  const first = firstWithKey(keys);
  const links: Link[] = [];
  for (let e = 0; e < net.rows; e++) {
    if (first && first[e] < e) {
      netLog.add('duplicate-link', net.lines.at(e));
      continue;
    }
    const link: Link = { from: from[e], to: to[e], distance: Number.isNaN(length[e]) ? 0 : length[e], cost: 0 };
    setLinkNumbers(link, numbers, e);
    const attributes = numbersOf(others, e);
    if (attributes) link.attributes = attributes;
    links.push(link);
  }
  const costs = flow
    ? addTraffic(
        links,
        keys.filter((_, e) => !first || first[e] === e),
        number,
        flow.rows,
        flow.log,
      )
    : [];
  for (const [e, link] of links.entries()) link.cost = costs[e] ?? costOf(link, factors);
  return links;
}

function costOf(link: Link, factors: TollAndDistance): number {
  const { freeFlowTime, traffic = 0, toll = 0, distance, power = 4 } = link;
  // An empty road is not delayed; the general function takes much longer to say so.
  if (freeFlowTime === undefined || traffic > 0 || power === 0) return linkCost(link, traffic, factors);
  return factors.tollFactor * toll + factors.distanceFactor * distance + freeFlowTime;
}

/** Joins the flow file; the costs it gives, by link. */
function addTraffic(
  links: Link[],
  linkKeys: Float64Array,
  number: (id: number) => number,
  flow: TntpRows,
  log: RepairLog,
): (number | undefined)[] {
  const from = places(flow, 'flow', 'from');
  const to = places(flow, 'flow', 'to');
  const volume = nonNegative(flow, 'flow', 'volume') as Float64Array;
  const cost = nonNegative(flow, 'flow', 'cost');
  const costs: (number | undefined)[] = new Array(links.length).fill(undefined);
  const seen = new Uint8Array(links.length);
  const keys = keysOf(from, to, number);
  let numbers: Map<number, number> | undefined;
  const linkOf = (r: number) => {
    // Rows have the order of the links in all files known.
    if (keys[r] === linkKeys[r]) return r;
    numbers ??= new Map(Array.from(linkKeys, (key, e) => [key, e]));
    return numbers.get(keys[r]);
  };
  for (let r = 0; r < flow.rows; r++) {
    const e = linkOf(r);
    const line = flow.lines.at(r);
    if (e === undefined) {
      throw new FileError('UNKNOWN_ID', { source: 'flow', line }, `the link from ${from[r]} to ${to[r]} is not in the net file`);
    }
    if (seen[e]) {
      log.add('duplicate-flow', line);
      continue;
    }
    seen[e] = 1;
    if (!Number.isNaN(volume[r])) links[e].traffic = volume[r];
    if (cost && !Number.isNaN(cost[r])) costs[e] = cost[r];
  }
  for (let e = 0; e < links.length; e++) if (!seen[e]) log.add('missing-flow');
  return costs;
}

/** A column of node ids: whole numbers. */
export function places(rows: TntpRows, source: string, name: string): Float64Array {
  const ids = rows.column(name) as Float64Array;
  for (let r = 0; r < ids.length; r++) {
    if (!(Number.isInteger(ids[r]) && ids[r] >= 0)) {
      throw new FileError(
        'BAD_VALUE',
        { source, line: rows.lines.at(r), column: name },
        `expected a whole number, got ${ids[r]}`,
      );
    }
  }
  return ids;
}

/** A column where no number is negative. */
function nonNegative(rows: TntpRows, source: string, name: string): Float64Array | undefined {
  const values = rows.column(name);
  for (let r = 0; values && r < values.length; r++) {
    if (values[r] < 0) {
      throw new FileError(
        'BAD_VALUE',
        { source, line: rows.lines.at(r), column: name },
        `expected a number >= 0, got ${values[r]}`,
      );
    }
  }
  return values;
}

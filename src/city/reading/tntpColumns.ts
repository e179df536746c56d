import type { TntpColumns } from './tntpRows.ts';

const start = ['init', 'initnode', 'from', 'from_node', 'tail', 'a_node', 'start_node', 'source'];
const end = ['term', 'termnode', 'to', 'to_node', 'head', 'b_node', 'end_node', 'target'];

/** Links (`_net`). */
export const NET_COLUMNS: TntpColumns = {
  names: ['init_node', 'term_node', 'capacity', 'length', 'free_flow_time', 'b', 'power', 'speed', 'toll', 'link_type'],
  aliases: {
    init_node: start,
    term_node: end,
    capacity: ['cap'],
    length: ['distance', 'link_length'],
    free_flow_time: ['fft', 'fftt', 'freeflowtime', 'free_flow_travel_time', 'time', 'freeflow_time'],
    b: ['alpha', 'bpr_b'],
    power: ['beta', 'bpr_power'],
    speed: ['speed_limit', 'speedlimit'],
    link_type: ['type', 'linktype'],
  },
  required: 4,
  formal: true,
};

/** Traffic of links (`_flow`). */
export const FLOW_COLUMNS: TntpColumns = {
  names: ['from', 'to', 'volume', 'cost'],
  aliases: {
    from: ['init_node', ...start],
    to: ['term_node', ...end],
    volume: ['flow', 'traffic', 'vol'],
    cost: ['time', 'travel_time', 'generalized_cost'],
  },
  required: 3,
  formal: false,
};

/** Positions of nodes (`_node`). */
export const NODE_COLUMNS: TntpColumns = {
  names: ['node', 'x', 'y'],
  aliases: {
    node: ['id', 'node_id', 'nodeid', 'nodenumber', 'node_number', 'n'],
    x: ['x_coord', 'xcoord', 'x_coordinate', 'lon', 'long', 'longitude'],
    y: ['y_coord', 'ycoord', 'y_coordinate', 'lat', 'latitude'],
  },
  required: 3,
  formal: false,
};

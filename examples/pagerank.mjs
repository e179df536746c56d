// Section 11 of the guide names PageRank among the algorithms of sparse matrices: which places do all roads lead to?
import { graphFromRecords, l1PageRank, pageRank } from 'spinifex';

// Roads A, B, C -> D, E -> F, G, H with the weights of sections 7 and 9, and ways back from F, G, H.
const roads = [
  ['A', 'D', 0.8],
  ['B', 'D', 0.5],
  ['C', 'E', 0.6],
  ['D', 'F', 0.83],
  ['D', 'G', 0.59],
  ['D', 'H', 0.35],
  ['E', 'F', 0.36],
  ['E', 'G', 0.57],
  ['E', 'H', 0.78],
  ['F', 'A', 0.9],
  ['G', 'B', 0.7],
  ['H', 'C', 0.6],
].map(([from, to, weight]) => ({ from, to, weight }));
const { matrix, nodes } = graphFromRecords(roads, { from: 'from', to: 'to', weight: 'weight' });

const { scores, errorBound, iterations } = pageRank(matrix, { weighted: true });
const order = [...scores.keys()].sort((i, j) => scores[j] - scores[i]);
console.log('places by rank: ', order.map((i) => `${nodes.ids[i]} ${scores[i].toFixed(3)}`).join('  '));
console.log('sum of scores:  ', scores.reduce((a, b) => a + b, 0).toFixed(6), ` proved error below 1e-10: ${errorBound < 1e-10}`);
console.log('stored roads:   ', matrix.nnz, 'of', matrix.rows * matrix.cols, 'possible;', iterations, 'sweeps');

// The L1-regularised version looks at the neighbourhood of a place and leaves all others at exactly 0 (roads open both ways).
const open = graphFromRecords(roads, { from: 'from', to: 'to', weight: 'weight', directed: false });
const near = l1PageRank(open.matrix, { seeds: open.nodes.at('C'), alpha: 0.2, rho: 0.03 });
console.log('around C:       ', Array.from(near.scores.indices, (i) => open.nodes.ids[i]).join(' '));

export { type NodeWeights, type Seeds, type SparseWeights } from './distribution.ts';
export { type PageRankOptions, type PageRankResult, type PageRankSolver, type PageRankStatus, pageRank } from './pageRank.ts';
export { undirected } from './undirected.ts';

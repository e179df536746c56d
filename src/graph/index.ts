export type { NodeWeights, Seeds, SparseWeights } from './distribution.ts';
export { type ForwardPushOptions, type ForwardPushResult, forwardPush } from './forwardPush.ts';
export type { ErrorEstimate } from './iterations.ts';
export {
  type DiffusionOptions,
  type L1PageRankOptions,
  type L1PageRankResult,
  type L1PageRankStatus,
  l1PageRank,
} from './l1PageRank.ts';
export {
  type L1PageRankPath,
  type L1PageRankPathOptions,
  type L1PageRankPoint,
  l1PageRankPath,
} from './l1PageRankPath.ts';
export { type PageRankOptions, type PageRankResult, type PageRankSolver, type PageRankStatus, pageRank } from './pageRank.ts';
export { type SweepCut, sweepCut } from './sweepCut.ts';
export { undirected } from './undirected.ts';

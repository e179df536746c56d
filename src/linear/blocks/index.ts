export type { BlockCrossValidated, FoldOptions as BlockFoldOptions } from './blockFolds.ts';
export type { BlockFit, BlockOptions } from './blockJob.ts';
export { BlockPath, type BlockPathPoint } from './blockPath.ts';
export {
  GroupLasso,
  GroupLassoCV,
  type GroupLassoCvOptions,
  type GroupLassoOptions,
  type GroupLassoPathOptions,
  groupLassoPath,
} from './groupLasso.ts';
export { GroupLassoModel } from './groupModel.ts';
export type { GroupsInput } from './groups.ts';
export { MultinomialModel } from './multinomialModel.ts';
export {
  type MultiTaskFitOptions,
  MultiTaskLasso,
  MultiTaskLassoCV,
  type MultiTaskLassoCvOptions,
  type MultiTaskLassoOptions,
  type MultiTaskPathOptions,
  multiTaskLassoPath,
} from './multiTaskLasso.ts';
export { MultiTaskModel } from './multiTaskModel.ts';

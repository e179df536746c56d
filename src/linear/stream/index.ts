export type { LassoStream, LassoStreamOptions, StreamPoint } from './lassoStream.ts';
export { PathStream, type PathWalker, type StreamOptions } from './pathStream.ts';

export { KMeans, type KMeansFitOptions, type KMeansOptions } from './kMeans.ts';
export { type KMeansCertificate, KMeansModel } from './kMeansModel.ts';
export type { KMeansStatus } from './lloyd.ts';

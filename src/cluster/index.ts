export { GaussianMixture, type GaussianMixtureOptions, type MixtureStart } from './gaussianMixture.ts';
export { GaussianMixtureModel, type MixtureCertificate } from './gaussianMixtureModel.ts';
export { KMeans, type KMeansFitOptions, type KMeansOptions } from './kMeans.ts';
export { type KMeansCertificate, KMeansModel } from './kMeansModel.ts';
export type { KMeansStatus } from './lloyd.ts';
export type { CovarianceKind } from './mixture.ts';

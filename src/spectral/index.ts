export { type CovarianceOptions, covariance } from './covariance.ts';
export { type ComponentCount, Pca, type PcaOptions } from './pca.ts';
export { PcaModel } from './pcaModel.ts';
export type { SpectralCertificate, SpectralSolver } from './singularTriplets.ts';
export type { SpectralOptions } from './spectralOptions.ts';
export { SvdModel } from './svdModel.ts';
export { type SymmetricEigen, symmetricEigen } from './symmetricEigen.ts';
export { TruncatedSvd, type TruncatedSvdOptions } from './truncatedSvd.ts';

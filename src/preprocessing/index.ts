export type { Mapped } from './mapColumns.ts';
export { minMax } from './minMax.ts';
export { MinMaxScaler, type MinMaxScalerOptions, MinMaxScaling } from './minMaxScaler.ts';
export { standardize } from './standardize.ts';
export { StandardScaler, type StandardScalerOptions, StandardScaling } from './standardScaler.ts';

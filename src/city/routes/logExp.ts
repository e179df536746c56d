import { currentBackend } from '../../backend/backend.ts';

/** log and exp that give the same bits on every engine. */
export const logOf = (x: number): number => currentBackend().kernels.log(x);
export const expOf = (x: number): number => currentBackend().kernels.exp(x);

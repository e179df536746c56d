import { ActiveSet } from './activeSet.ts';
import type { SolverName } from './options.ts';
import type { Problem } from './problem.ts';
import { RidgeSolver } from './ridgeSolver.ts';
import type { Solver } from './solver.ts';
import { Admm } from './solvers/admm.ts';
import { CoordinateDescent } from './solvers/coordinateDescent.ts';
import { ProximalGradient } from './solvers/proximalGradient.ts';
import { StochasticGradient } from './solvers/stochasticGradient.ts';
import { Subgradient } from './solvers/subgradient.ts';

/** Passes after which a solver stops unless told otherwise. */
const MAX_EPOCHS: Record<SolverName, number> = {
  auto: 100_000,
  cd: 100_000,
  ista: 1_000_000,
  fista: 200_000,
  admm: 100_000,
  subgradient: 10_000,
  sgd: 1_000,
};

/** The solver of that name for a problem. `'auto'` is one linear system for a ridge, and the active set otherwise. */
export function createSolver(name: SolverName, problem: Problem, seed: number): Solver {
  switch (name) {
    case 'auto':
      return RidgeSolver.fits(problem) ? new RidgeSolver(problem) : new ActiveSet(problem);
    case 'cd':
      return new CoordinateDescent(problem);
    case 'ista':
      return new ProximalGradient(problem, false);
    case 'fista':
      return new ProximalGradient(problem, true);
    case 'admm':
      return new Admm(problem);
    case 'subgradient':
      return new Subgradient(problem);
    case 'sgd':
      return new StochasticGradient(problem, seed);
  }
}

export function maxEpochsOf(name: SolverName, asked: number | undefined): number {
  return asked ?? MAX_EPOCHS[name];
}

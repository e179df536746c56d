import { booleanFlag, integerIn, numberIn, oneOf, refuse } from '../core/checks.ts';
import { chooseMethod, type Method, type Settings } from './decompose.ts';
import { SPECTRAL_OPTIONS, type SpectralOptions, settingsOf } from './spectralOptions.ts';

/** How many components: a number, the share of variance they must explain, or a rule that reads it from the data. */
export type ComponentChoice = number | 'minka' | 'parallel';

/** Options of `Pca`. */
export interface PcaOptions extends SpectralOptions {
  /**
   * An integer >= 1; a number in (0, 1): as few as explain at least that share of the variance; `'minka'`: the largest evidence (Minka
   * 2000; needs n >= p); `'parallel'`: as many as exceed the 95 % quantile of data with permuted columns (Horn 1965). All but an integer need the
   * solver `'covariance'`.
   */
  components: ComponentChoice;
  /**
   * `'covariance'`: the Gram matrix of the shorter side, solved in full; `'lanczos'`: only the leading part, to `tol`; `'randomized'`: only
   * approximately, in a fixed number of passes; `'auto'`: one of the first two.
   * @default 'auto'
   */
  solver?: 'auto' | 'covariance' | 'randomized' | 'lanczos';
  /** Divide columns by their population standard deviation (1/n), constant ones by 1: PCA of the correlation matrix. @default false */
  standardize?: boolean;
  /** Scores of variance 1 from `transform`. @default false */
  whiten?: boolean;
  /** Permuted data sets of `'parallel'`. @default 20 */
  permutations?: number;
}

/** Options checked and completed. */
export interface PcaRecipe {
  components: ComponentChoice;
  solver: NonNullable<PcaOptions['solver']>;
  standardize: boolean;
  whiten: boolean;
  permutations: number;
  settings: Settings;
}

export const PCA_OPTIONS = ['components', 'solver', 'standardize', 'whiten', 'permutations', ...SPECTRAL_OPTIONS] as const;

export function pcaRecipe(options: PcaOptions): PcaRecipe {
  const { components, solver = 'auto', standardize = false, whiten = false, permutations = 20, ...rest } = options;
  const recipe: PcaRecipe = {
    components: componentChoice(components),
    solver: oneOf(solver, 'solver', ['auto', 'covariance', 'randomized', 'lanczos']),
    standardize: booleanFlag(standardize, 'standardize'),
    whiten: booleanFlag(whiten, 'whiten'),
    permutations: integerIn(permutations, 'permutations', 1),
    settings: settingsOf(rest),
  };
  if (!isCount(recipe.components) && recipe.solver !== 'auto' && recipe.solver !== 'covariance') {
    throw new RangeError(
      `solver: components ${JSON.stringify(components)} needs all variances, which '${recipe.solver}' does not compute: use 'covariance'`,
    );
  }
  return recipe;
}

function componentChoice(value: unknown): ComponentChoice {
  if (typeof value === 'string') return oneOf(value, 'components', ['minka', 'parallel']);
  if (typeof value !== 'number')
    refuse(value, 'components', "an integer >= 1, a share of variance in (0, 1), 'minka' or 'parallel'", false);
  if (value > 0 && value < 1) return numberIn(value, 'components', 0, 1, '()');
  if (Number.isInteger(value) && value >= 1) return value;
  refuse(value, 'components', "an integer >= 1, a share of variance in (0, 1), 'minka' or 'parallel'", true);
}

/** Whether the choice is a number of components rather than a share or a rule. */
export function isCount(choice: ComponentChoice): choice is number {
  return typeof choice === 'number' && choice >= 1;
}

/** Most components that n rows and p columns have. */
export function checkCount(k: number, n: number, p: number): void {
  if (k <= Math.min(n, p)) return;
  throw new RangeError(`components: X is ${n} x ${p}: expected at most ${Math.min(n, p)}, got ${k}`);
}

export function methodOf(solver: PcaRecipe['solver'] | 'gram', short: number, k: number, dense: boolean): Method {
  if (solver === 'auto') return chooseMethod(short, k, dense);
  return solver === 'covariance' || solver === 'gram' ? 'full' : solver;
}

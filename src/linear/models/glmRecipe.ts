import { optionsObject } from '../../core/checks.ts';
import { type PenaltyKind, type PenaltyOption, penaltyKind } from '../glm/penaltyKind.ts';
import { LINEAR_OPTIONS, type LinearOptions, type Recipe, recipeOf } from '../options.ts';
import type { Family } from './family.ts';

const MAX_EPOCHS = 100_000;

/** A penalty by name or with its parameter; `'l2'` is the ridge. */
export type GlmPenalty = PenaltyOption | 'l2';

/** What every generalised linear model takes beside its strength. */
export interface GlmOptions extends Omit<LinearOptions, 'solver' | 'history' | 'seed'> {
  /** Share rho of the penalty, 0 to 1; 1 - rho is that of the ridge (elastic net). @default 1 */
  l1Ratio?: number;
  /**
   * `'l1'`; `'l2'`, the same as l1Ratio 0; or one that is not convex: `'mcp'`, `'scad'`, `'l1/2'`, `'l2/3'`, `'logSum'`, or an object with its parameter.
   * Fits of the latter say `status: 'local'`; they have no duality gap, and `tol` is compared with `kkt`. @default 'l1'
   */
  penalty?: GlmPenalty;
}

export const GLM_OPTIONS = [
  ...LINEAR_OPTIONS.filter((name) => !['solver', 'history', 'seed'].includes(name)),
  'l1Ratio',
  'penalty',
] as (keyof GlmOptions)[];

/** A family with options checked and completed: everything but lambda and data. */
export interface GlmRecipe<Y, M> {
  family: Family<Y, M>;
  penalty: PenaltyKind;
  recipe: Recipe;
}

/** Checks what does not depend on data; combinations that make no sense are refused by name. */
export function glmRecipe<Y, M>(family: Family<Y, M>, options: GlmOptions, title: string): GlmRecipe<Y, M> {
  const { l1Ratio, penalty: named = 'l1', ...rest } = optionsObject(options, title, GLM_OPTIONS);
  if (named === 'l2' && (l1Ratio ?? 0) !== 0) {
    throw new RangeError(
      `l1Ratio: expected 0 or nothing with the penalty "l2", got ${l1Ratio} (for a mixture: the penalty "l1" with l1Ratio)`,
    );
  }
  const penalty = penaltyKind(named === 'l2' ? 'l1' : named);
  const recipe = recipeOf(rest, named === 'l2' ? 0 : (l1Ratio ?? 1));
  if (!penalty.convex) {
    if (recipe.l1Ratio === 0) {
      throw new RangeError(
        `l1Ratio: expected a number > 0 with the penalty "${penalty.name}", got 0 (a ridge has no other penalty)`,
      );
    }
    refuseBounds(recipe, penalty.name);
  }
  return { family, penalty, recipe };
}

/** Where a penalty is not convex, the minimum of one coefficient within bounds is not its minimum cut off at them. */
function refuseBounds({ lower, upper }: Recipe, penalty: string): void {
  for (const [name, bounds] of Object.entries({ lower, upper })) {
    if (bounds === undefined) continue;
    const list = typeof bounds === 'number' ? [bounds] : Array.from(bounds);
    const stray = list.findIndex((b) => b !== 0 && Number.isFinite(b));
    if (stray >= 0) {
      const place = typeof bounds === 'number' ? name : `${name}[${stray}]`;
      throw new RangeError(`${place} is ${list[stray]}: the penalty "${penalty}" is not convex and allows bounds of 0 or none`);
    }
  }
}

export function maxEpochsOf({ maxEpochs = MAX_EPOCHS }: Recipe): number {
  return maxEpochs;
}

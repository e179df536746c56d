import type { Label } from '../core/labels.ts';
import type { ClassOptions, GlmOptions, GlmPenalty } from '../linear/index.ts';
import { UsageError } from './errors.ts';
import { choice, type Flag, list, number } from './flags.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions } from './modelFlags.ts';
import { classesOf, type Targets } from './targets.ts';

const PENALTIES = ['l1', 'l2', 'mcp', 'scad', 'l1/2', 'l2/3', 'logSum'] as const;

/** Flags of every model with a loss and a penalty of its own. */
export interface PenaltyFlags extends ModelFlags {
  penalty?: (typeof PENALTIES)[number];
  gamma?: number;
}

/** Flags of models of classes. */
export interface ClassFlags {
  class?: string;
  classWeight?: string[];
}

export const PENALTY_FLAGS: readonly Flag[] = [
  { flags: '--penalty <name>', description: PENALTIES.join(', '), read: choice(PENALTIES), fallback: 'l1' },
  {
    flags: '--gamma <number>',
    description: 'where mcp and scad stop to grow',
    read: number('a number > 1', (value) => value > 1),
    fallback: '3 for mcp, 3.7 for scad',
  },
  ...MODEL_FLAGS,
];

export const CLASS_WEIGHT: Flag = {
  flags: '--class-weight <weights>',
  description: 'balanced (the same total weight in every class), or label=weight between commas',
  read: list,
  fallback: 'all 1',
};

export const CLASS_FLAGS: readonly Flag[] = [
  { flags: '--class <label>', description: 'tell this class from all others, where there are more than two' },
  CLASS_WEIGHT,
];

/** The library's options. @throws UsageError for flags that do not go together */
export function penaltyOptions(flags: PenaltyFlags): GlmOptions {
  const { penalty = 'l1', gamma, l1Ratio } = flags;
  if (gamma !== undefined && penalty !== 'mcp' && penalty !== 'scad') {
    throw new UsageError(`--gamma: is for the penalties mcp and scad, not for ${penalty}`);
  }
  if (gamma !== undefined && gamma <= 2 && penalty === 'scad')
    throw new UsageError(`--gamma: expected a number > 2, got "${gamma}"`);
  if (penalty !== 'l1' && l1Ratio !== undefined && (penalty === 'l2' || l1Ratio === 0)) {
    throw new UsageError(`--l1-ratio: does not go together with --penalty ${penalty}`);
  }
  const { standardize, positive, fitIntercept, tol } = modelOptions(flags);
  const shape = gamma === undefined ? penalty : { name: penalty as 'mcp' | 'scad', gamma };
  const options = { standardize, positive, fitIntercept, tol, penalty: shape as GlmPenalty } as GlmOptions;
  return l1Ratio === undefined ? options : { ...options, l1Ratio };
}

/** How the penalty is called. */
export function penaltyTitle({ penalty = 'l1', l1Ratio = 1 }: PenaltyFlags): string {
  if (penalty === 'l2' || l1Ratio === 0) return 'L2';
  const name = penalty === 'logSum' ? 'log-sum' : penalty.toUpperCase();
  return l1Ratio === 1 ? name : `${name} share ${l1Ratio}`;
}

/** Whether there is a lambda from which on all coefficients are zero. */
export function hasLargest({ penalty = 'l1', l1Ratio = 1 }: PenaltyFlags): boolean {
  return penalty !== 'l2' && l1Ratio > 0;
}

/** The library's weights of classes, by the labels of the data. @throws UsageError for a label that is none of them */
export function classWeights(words: readonly string[] | undefined, y: Targets): ClassOptions {
  if (words === undefined) return {};
  if (words.length === 1 && words[0] === 'balanced') return { classWeight: 'balanced' };
  const classes = new Map(classesOf(y, '').map((label) => [String(label), label]));
  const classWeight = new Map<Label, number>();
  for (const word of words) {
    const at = word.lastIndexOf('=');
    const [name, weight] = [word.slice(0, at), Number(word.slice(at + 1))];
    if (at < 1 || !(weight > 0 && weight < Infinity)) {
      throw new UsageError(`--class-weight: expected balanced, or label=weight with weights > 0 between commas, got "${word}"`);
    }
    const label = classes.get(name);
    if (label === undefined)
      throw new UsageError(`--class-weight: no class "${name}"; there are ${[...classes.keys()].join(', ')}`);
    classWeight.set(label, weight);
  }
  return { classWeight };
}

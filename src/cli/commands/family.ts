import type { RunOptions } from '../../core/progress.ts';
import { crossValidationPicture, pathPicture } from '../charts.ts';
import type { CommandSpec, Job } from '../command.ts';
import { type CvFlags, choicesText, cvFlags, validationJson } from '../cvOutput.ts';
import { DATA_FLAGS, type DataFlags, type Dataset, readRows } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { FAMILIES, type Family, type FamilyModel } from '../families.ts';
import {
  CLASS_FLAGS,
  type ClassFlags,
  classWeights,
  hasLargest,
  PENALTY_FLAGS,
  type PenaltyFlags,
  penaltyOptions,
  penaltyTitle,
} from '../familyFlags.ts';
import { choice, integer, nonNegative } from '../flags.ts';
import {
  type Judgement,
  modelJson,
  modelText,
  OUTPUT_FLAGS,
  type OutputFlags,
  outputFiles,
  writeOutputs,
} from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags, pathOptions } from '../pathFlags.ts';
import { PATH_ROWS, pathPoints, pathText } from '../pathOutput.ts';
import { inputName } from '../readInput.ts';
import { located } from '../tables.ts';
import { requireTwoOfEach, type Targets } from '../targets.ts';
import { short } from '../textTable.ts';

interface Flags extends DataFlags, PenaltyFlags, ClassFlags, PathFlags, CvFlags, OutputFlags {
  lambda?: number;
  path?: boolean;
  cv?: boolean;
  rows?: number;
  metric?: string;
}

/** What a run works with, and what it has to say. */
interface Task {
  job: Job<Flags>;
  family: Family;
  data: Dataset<Targets>;
  options: ReturnType<typeof penaltyOptions> & ReturnType<typeof classWeights>;
  files: Awaited<ReturnType<typeof outputFiles>>;
}

/** One command for each family: `logistic`, `svm`, `poisson`. */
export const familyCommands: readonly CommandSpec<Flags>[] = FAMILIES.map(familyCommand);

function familyCommand(family: Family): CommandSpec<Flags> {
  const { name, title, summary, objective, labels, metrics } = family;
  const { file, target, what } = family.example;
  const line = `spinifex ${name} ${file} --target ${target}`;
  return {
    name,
    summary,
    description:
      `${title} with a sparse penalty: one model (--lambda), many (--path), or the one that does best on held-out rows (--cv).\n` +
      `Objective: ${objective} + lambda (rho P(|w|) + (1 - rho)/2 w^2) with rho the L1 share; P is |w|, or not convex (--penalty).` +
      (labels
        ? '\nThe target may hold words or numbers; the second class, in their order, is the one that positive values mean.'
        : ''),
    args: [{ name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' }],
    flags: [
      { flags: '--lambda <number>', description: 'fit at this strength of the penalty, >= 0', read: nonNegative },
      { flags: '--cv', description: 'choose lambda by cross-validation' },
      { flags: '--path', description: 'fit at many lambdas; with --lambda, the model there is printed (and saved), too' },
      {
        flags: '--metric <name>',
        description: `what --cv looks at: ${Object.keys(metrics).join(', ')}`,
        read: choice(Object.keys(metrics)),
        fallback: 'deviance',
      },
      ...cvFlags(10),
      ...PATH_FLAGS,
      { flags: '--rows <count>', description: 'lines of the table of --path', read: integer(2), fallback: String(PATH_ROWS) },
      ...DATA_FLAGS,
      ...(labels ? CLASS_FLAGS : []),
      ...PENALTY_FLAGS,
      ...OUTPUT_FLAGS,
    ],
    examples: [
      [`${line} --cv`, what],
      [`${line} --cv --rule 1se --save model.json`, 'the sparser choice, saved for spinifex predict'],
      [`${line} --path --svg path.svg`, 'in which order do columns come in?'],
      [`${line} --lambda 0.05 --penalty mcp`, 'one model, with less shrinkage of what is in'],
    ],
    async run(job) {
      checkFlags(job.flags, family);
      const penalty = penaltyOptions(job.flags);
      const files = await outputFiles(job.flags);
      const data = await readRows(job, family.target(job.flags.class));
      const options = { ...penalty, ...classWeights(job.flags.classWeight, data.y) };
      const { cv, path } = job.flags;
      const { text, json, model, picture } = (cv ? validated : path ? along : single)({ job, family, data, options, files });
      const written = await writeOutputs(files, picture, () => model!, data);
      if (job.flags.json) return job.print(JSON.stringify(json, undefined, 2));
      job.print(`${title} (${penaltyTitle(job.flags)}) of ${data.title}${text}`);
      if (written.length > 0) job.print(`\n${written.join('\n')}`);
    },
  };
}

interface Result {
  /** After the title. */
  text: string;
  json: object;
  model?: FamilyModel;
  picture(): Promise<string>;
}

/** The model at one lambda. */
function single(task: Task): Result {
  const { job, family, data, options } = task;
  const { X, y, features } = data;
  const { lambda } = job.flags;
  if (lambda === undefined) {
    const most = () => short(family.path(X, y, { ...options, nLambdas: 1 }).lambdas[0], 3);
    const range = hasLargest(job.flags) ? ` (a number from 0 to ${most()}, where all coefficients are zero)` : '';
    throw new UsageError(`--lambda${range}, --path or --cv is needed (--cv chooses lambda)`);
  }
  const model = job.work('fit', (run) => family.model({ ...options, lambda }).fit(X, y, run));
  const judgement = onSameRows(task, model);
  const path = () => job.work('path for the picture', (run) => family.path(X, y, { ...options, ...run }));
  return {
    text: `, lambda ${short(lambda)}\n\n${modelText(model, data, judgement, job)}`,
    json: modelJson(model, data, judgement),
    model,
    picture: () => pathPicture(path(), features, lambda),
  };
}

/** The models at many lambdas. */
function along(task: Task): Result {
  const { job, family, data, options } = task;
  const { X, y, features, target } = data;
  const { lambda, rows = PATH_ROWS } = job.flags;
  const path = job.work('path', (run) => family.path(X, y, { ...options, ...pathOptions(job.flags), ...run }));
  const table = `, path\n\n${pathText(path, features, rows, job.bold)}`;
  const json = { target, rows: y.length, points: pathPoints(path, features) };
  const picture = () => pathPicture(path, features, lambda);
  if (lambda === undefined) return { text: table, json, picture };
  const model = job.work('fit', (run) => path.at(lambda, { X, y, ...run }));
  const judgement = onSameRows(task, model);
  return {
    text: `${table}\n\nAt lambda ${short(lambda)}\n\n${modelText(model, data, judgement, job)}`,
    json: { ...json, model: modelJson(model, data, judgement) },
    model,
    picture,
  };
}

/** The model that does best on held-out rows. */
function validated(task: Task): Result {
  const { job, family, data, options } = task;
  const { X, y } = data;
  const { folds = 10, rule = 'min', metric = 'deviance', seed = 0 } = job.flags;
  if (folds > y.length) throw new UsageError(`--folds: expected at most the number of rows (${y.length}), got ${folds}`);
  const file = inputName(job.args[0]);
  if (family.labels) requireTwoOfEach(y, `${file}: the target "${data.target}"`);
  const recipe = family.validation({ ...options, ...pathOptions(job.flags), folds, rule, metric, seed });
  const cv = job.work('cross-validation', (run) => located(file, y, () => named(() => recipe.fit(X, y, run))));
  const { model } = cv;
  const decision = job.work('held-out rows', (run) => heldOut(task, model.lambda, cv.fold, run));
  const judgement = family.judge(y, decision, model.classes, 'held-out rows');
  const { title, best } = family.metrics[metric];
  const choices = choicesText(cv, rule, job.bold, { metric: title });
  return {
    text: `, ${folds} folds\n\n${choices}\n\n${modelText(model, data, judgement, job)}`,
    json: { rule, folds, metric, ...validationJson(cv), model: modelJson(model, data, judgement) },
    model,
    picture: () => crossValidationPicture(cv, { metric: title, best }),
  };
}

function onSameRows({ family, data: { X, y } }: Task, model: FamilyModel): Judgement {
  return family.judge(y, model.decision(X), model.classes, 'these rows');
}

/** The library's word for folds is not the command's. */
function named<T>(validate: () => T): T {
  try {
    return validate();
  } catch (error) {
    const { message } = error as Error;
    throw message.startsWith('foldIds: ') ? new UsageError(message.replace('foldIds', '--folds')) : error;
  }
}

/** For every row the decision of a model that has not seen its fold. */
function heldOut(
  { family, data: { X, y }, options }: Task,
  lambda: number,
  fold: Int32Array,
  { signal, onProgress }: Required<RunOptions>,
): Float64Array {
  const recipe = family.model({ ...options, lambda });
  const out = new Float64Array(fold.length);
  const folds = [...new Set(fold)];
  for (const [done, k] of folds.entries()) {
    onProgress({ done, total: folds.length });
    const sampleWeight = Float64Array.from(fold, (at) => (at === k ? 0 : 1));
    const decision = recipe.fit(X, y, { sampleWeight, signal }).decision(X);
    for (const [i, at] of fold.entries()) if (at === k) out[i] = decision[i];
  }
  return out;
}

/** @throws UsageError for flags that do not go together */
function checkFlags(flags: Flags, { name }: Family): void {
  const { lambda, path, cv, save, metric, folds, rule, rows, lambdas, minRatio } = flags;
  if (cv && path) throw new UsageError('--cv and --path: expected one of them');
  if (cv && lambda !== undefined) throw new UsageError('--cv and --lambda: expected one of them');
  if (path && save !== undefined && lambda === undefined)
    throw new UsageError('--save: needs --lambda, which says where on the path');
  for (const [flag, value] of Object.entries({ metric, folds, rule })) {
    if (value !== undefined && !cv) throw new UsageError(`--${flag}: is for spinifex ${name} --cv`);
  }
  for (const [flag, value] of Object.entries({ lambdas, 'min-ratio': minRatio })) {
    if (value !== undefined && !cv && !path) throw new UsageError(`--${flag}: is for spinifex ${name} --cv and --path`);
  }
  if (rows !== undefined && !path) throw new UsageError(`--rows: is for spinifex ${name} --path`);
}

import { type CrossValidated, ElasticNetCV, type SelectionRule } from '../../linear/index.ts';
import { crossValidationPicture } from '../charts.ts';
import type { CommandSpec } from '../command.ts';
import { DATA_FLAGS, type DataFlags, readDataset } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { choice, integer } from '../flags.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions, penaltyName } from '../modelFlags.ts';
import { modelJson, modelText, OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags, pathOptions } from '../pathFlags.ts';
import { short, textTable } from '../textTable.ts';

interface Flags extends DataFlags, ModelFlags, OutputFlags, PathFlags {
  folds?: number;
  rule?: SelectionRule;
}

export const cvCommand: CommandSpec<Flags> = {
  name: 'cv',
  summary: 'fit a table, lambda chosen by cross-validation',
  description:
    'Fits the lasso (or elastic net) at many lambdas, measures each on rows that were held out, and prints the model at the one ' +
    'with the smallest error (--rule min) or at the largest one within a standard error of it (--rule 1se: fewer columns).',
  args: [{ name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' }],
  flags: [
    { flags: '--folds <count>', description: 'parts that the rows are dealt into', read: integer(2), fallback: '10' },
    { flags: '--rule <name>', description: 'min or 1se', read: choice(['min', '1se']), fallback: 'min' },
    ...PATH_FLAGS,
    ...DATA_FLAGS,
    ...MODEL_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  examples: [
    ['spinifex cv roads.csv --target traffic', 'the best lambda, and what it keeps'],
    ['spinifex cv roads.csv --target traffic --rule 1se --save model.json', 'the sparser choice, saved'],
  ],
  async run(job) {
    const { flags } = job;
    const files = await outputFiles(flags);
    const data = await readDataset(job);
    const { X, y } = data;
    const { l1Ratio = 1, folds = 10, rule = 'min' } = flags;
    if (folds > y.length) throw new UsageError(`--folds: expected at most the number of rows (${y.length}), got ${folds}`);
    const recipe = new ElasticNetCV({ ...modelOptions(flags), ...pathOptions(flags), l1Ratio, folds, rule });
    const cv = job.work('cross-validation', (run) => recipe.fit(X, y, run));
    const written = await writeOutputs(
      files,
      () => crossValidationPicture(cv),
      () => cv.model,
      data,
    );
    if (flags.json) {
      const { lambdaMin, lambda1se } = cv;
      const points = cv.path.points.map(({ lambda, df }, k) => ({
        lambda,
        df,
        mean: cv.mean[k],
        standardError: cv.standardError[k],
      }));
      return job.print(
        JSON.stringify({ rule, folds, lambdaMin, lambda1se, points, model: modelJson(cv.model, data) }, undefined, 2),
      );
    }
    job.print(`${penaltyName(l1Ratio)} of ${data.title}, ${folds} folds\n\n${choicesText(cv, rule, job.bold)}`);
    job.print(`\n${modelText(cv.model, data, job)}`);
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

/** Both rules, the null model, and which one was taken. */
function choicesText(
  { path, mean, standardError, lambdaMin, lambda1se }: CrossValidated,
  rule: SelectionRule,
  bold: (text: string) => string,
): string {
  const row = (name: string, k: number) => {
    const { lambda, df } = path.points[k];
    return [name, short(lambda), String(df), short(mean[k], 4), short(standardError[k], 2)];
  };
  const at = (lambda: number) => path.lambdas.indexOf(lambda);
  const [header, ...rows] = textTable([
    ['rule', 'lambda', 'columns', 'held-out mean squared error', 'standard error'],
    row(`min${rule === 'min' ? ' (chosen)' : ''}`, at(lambdaMin)),
    row(`1se${rule === '1se' ? ' (chosen)' : ''}`, at(lambda1se)),
    ...(path.points[0].df === 0 ? [row('no columns', 0)] : []),
  ]).split('\n');
  return [bold(header), ...rows].join('\n');
}

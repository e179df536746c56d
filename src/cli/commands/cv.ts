import { ElasticNetCV } from '../../linear/index.ts';
import { crossValidationPicture } from '../charts.ts';
import type { CommandSpec } from '../command.ts';
import { type CvFlags, choicesText, cvFlags, validationJson } from '../cvOutput.ts';
import { DATA_FLAGS, type DataFlags, readDataset } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions, penaltyName } from '../modelFlags.ts';
import { explained, modelJson, modelText, OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags, pathOptions } from '../pathFlags.ts';

interface Flags extends CvFlags, DataFlags, ModelFlags, OutputFlags, PathFlags {}

export const cvCommand: CommandSpec<Flags> = {
  name: 'cv',
  summary: 'fit a table, lambda chosen by cross-validation',
  description:
    'Fits the lasso (or elastic net) at many lambdas, measures each on rows that were held out, and prints the model at the one ' +
    'with the smallest error (--rule min) or at the largest one within a standard error of it (--rule 1se: fewer columns).',
  args: [{ name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' }],
  flags: [...cvFlags(10), ...PATH_FLAGS, ...DATA_FLAGS, ...MODEL_FLAGS, ...OUTPUT_FLAGS],
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
      const out = { rule, folds, ...validationJson(cv), model: modelJson(cv.model, data, explained(cv.model, data)) };
      return job.print(JSON.stringify(out, undefined, 2));
    }
    job.print(`${penaltyName(l1Ratio)} of ${data.title}, ${folds} folds\n\n${choicesText(cv, rule, job.bold)}`);
    job.print(`\n${modelText(cv.model, data, explained(cv.model, data), job)}`);
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

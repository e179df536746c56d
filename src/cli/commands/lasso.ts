import { ElasticNet, lambdaMax, lassoPath } from '../../linear/index.ts';
import { pathPicture } from '../charts.ts';
import type { CommandSpec } from '../command.ts';
import { DATA_FLAGS, type DataFlags, readDataset } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { nonNegative } from '../flags.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions, penaltyName } from '../modelFlags.ts';
import { explained, modelJson, modelText, OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { short } from '../textTable.ts';

interface LassoFlags extends DataFlags, ModelFlags, OutputFlags {
  lambda?: number;
}

export const lassoCommand: CommandSpec<LassoFlags> = {
  name: 'lasso',
  summary: 'fit one sparse linear model to a table',
  description:
    'Fits a lasso (or elastic net) to the rows of a file and prints its coefficients with a proof of accuracy.\n' +
    'Objective: 1/2n sum (y - f)^2 + lambda (rho |w| + (1 - rho)/2 w^2) with rho the L1 share.',
  args: [{ name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' }],
  flags: [
    { flags: '--lambda <number>', description: 'strength of the penalty, >= 0; spinifex cv chooses one', read: nonNegative },
    ...DATA_FLAGS,
    ...MODEL_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  examples: [
    ['spinifex lasso roads.csv --target traffic --lambda 0.1', 'which columns explain the traffic'],
    ['spinifex lasso roads.csv --target traffic --lambda 0.1 --ignore id,year --save model.json', 'without two columns, saved'],
    ['cat roads.csv | spinifex lasso - --target traffic --lambda 0.1 --json', 'from a pipe, for a program'],
  ],
  async run(job) {
    const { flags } = job;
    const files = await outputFiles(flags);
    const data = await readDataset(job);
    const { X, y, features } = data;
    const { l1Ratio = 1, lambda } = flags;
    const options = modelOptions(flags);
    if (lambda === undefined) {
      const most =
        l1Ratio > 0
          ? `: a number from 0 to ${short(lambdaMax(X, y, { ...options, l1Ratio }), 3)}, where all coefficients are zero`
          : '';
      throw new UsageError(`--lambda is needed${most} (spinifex cv chooses one)`);
    }
    const model = job.work('fit', (run) => new ElasticNet({ ...options, lambda, l1Ratio }).fit(X, y, run));
    const path = () => job.work('path for the picture', (run) => lassoPath(X, y, { ...options, l1Ratio, ...run }));
    const written = await writeOutputs(
      files,
      () => pathPicture(path(), features, lambda),
      () => model,
      data,
    );
    if (flags.json) return job.print(JSON.stringify(modelJson(model, data, explained(model, data)), undefined, 2));
    job.print(
      `${penaltyName(l1Ratio)} of ${data.title}, lambda ${short(lambda)}\n\n${modelText(model, data, explained(model, data), job)}`,
    );
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

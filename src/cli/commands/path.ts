import { lassoPath } from '../../linear/index.ts';
import { pathPicture } from '../charts.ts';
import type { CommandSpec } from '../command.ts';
import { DATA_FLAGS, type DataFlags, readDataset } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { integer, nonNegative } from '../flags.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions, penaltyName } from '../modelFlags.ts';
import { explained, modelJson, modelText, OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags, pathOptions } from '../pathFlags.ts';
import { PATH_ROWS, pathPoints, pathText } from '../pathOutput.ts';
import { short } from '../textTable.ts';

interface Flags extends DataFlags, ModelFlags, OutputFlags, PathFlags {
  lambda?: number;
  rows?: number;
}

export const pathCommand: CommandSpec<Flags> = {
  name: 'path',
  summary: 'fit a table at many strengths of the penalty',
  description:
    'Fits the lasso (or elastic net) at many lambdas, from the one where every coefficient is zero down, and prints how many ' +
    'columns are used and how much they explain. With --lambda, the model there is printed, too (and can be saved).',
  args: [{ name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' }],
  flags: [
    ...PATH_FLAGS,
    {
      flags: '--lambda <number>',
      description: 'print (and save, and mark in the picture) the model at this lambda',
      read: nonNegative,
    },
    { flags: '--rows <count>', description: 'lines of the printed table', read: integer(2), fallback: String(PATH_ROWS) },
    ...DATA_FLAGS,
    ...MODEL_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  examples: [
    ['spinifex path roads.csv --target traffic', 'in which order do columns come in?'],
    ['spinifex path roads.csv --target traffic --svg path.svg', 'the same as a picture'],
  ],
  async run(job) {
    const { flags } = job;
    if (flags.save !== undefined && flags.lambda === undefined)
      throw new UsageError('--save: needs --lambda, which says where on the path');
    const files = await outputFiles(flags);
    const data = await readDataset(job);
    const { X, y, features } = data;
    const { l1Ratio = 1, lambda } = flags;
    const options = { ...modelOptions(flags), ...pathOptions(flags), l1Ratio };
    const path = job.work('path', (run) => lassoPath(X, y, { ...options, ...run }));
    const model = lambda === undefined ? undefined : job.work('fit', (run) => path.at(lambda, { X, y, ...run }));
    const written = await writeOutputs(
      files,
      () => pathPicture(path, features, lambda),
      () => model!,
      data,
    );
    if (flags.json) {
      const points = pathPoints(path, features);
      return job.print(
        JSON.stringify(
          {
            target: data.target,
            rows: y.length,
            points,
            ...(model && { model: modelJson(model, data, explained(model, data)) }),
          },
          undefined,
          2,
        ),
      );
    }
    job.print(`${penaltyName(l1Ratio)} path of ${data.title}\n\n${pathText(path, features, flags.rows ?? PATH_ROWS, job.bold)}`);
    if (model) job.print(`\nAt lambda ${short(lambda!)}\n\n${modelText(model, data, explained(model, data), job)}`);
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

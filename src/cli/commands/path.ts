import { type LinearPath, lassoPath, type PathPoint } from '../../linear/index.ts';
import { pathPicture } from '../charts.ts';
import type { CommandSpec } from '../command.ts';
import { DATA_FLAGS, type DataFlags, readDataset } from '../dataset.ts';
import { UsageError } from '../errors.ts';
import { integer, nonNegative } from '../flags.ts';
import { MODEL_FLAGS, type ModelFlags, modelOptions, penaltyName } from '../modelFlags.ts';
import { modelJson, modelText, OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags, pathOptions } from '../pathFlags.ts';
import { short, textTable } from '../textTable.ts';

interface Flags extends DataFlags, ModelFlags, OutputFlags, PathFlags {
  lambda?: number;
  rows?: number;
}

/** Lines of the printed table by default. */
const ROWS = 20;

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
    { flags: '--rows <count>', description: 'lines of the printed table', read: integer(2), fallback: String(ROWS) },
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
      const points = path.points.map((point, k) => ({
        ...point,
        intercept: path.intercepts[k],
        coefficients: column(path, k, features),
      }));
      return job.print(
        JSON.stringify(
          { target: data.target, rows: y.length, points, ...(model && { model: modelJson(model, data) }) },
          undefined,
          2,
        ),
      );
    }
    job.print(`${penaltyName(l1Ratio)} path of ${data.title}\n\n${pathText(path, features, flags.rows ?? ROWS, job.bold)}`);
    if (model) job.print(`\nAt lambda ${short(lambda!)}\n\n${modelText(model, data, job)}`);
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

function pathText(path: LinearPath, names: readonly string[], most: number, bold: (text: string) => string): string {
  const last = path.points.length - 1;
  const shown =
    last < most ? [...path.points.keys()] : Array.from({ length: most }, (_, k) => Math.round((k * last) / (most - 1)));
  const rows = shown.map((k, at) => {
    const { lambda, df, devianceRatio } = path.points[k];
    return [
      short(lambda, 4),
      String(df),
      `${(100 * devianceRatio).toFixed(1)} %`,
      changes(path, at === 0 ? -1 : shown[at - 1], k, names),
    ];
  });
  const [header, ...lines] = textTable(
    [['lambda', 'columns', 'explained', 'in (+) and out (-) since the line above'], ...rows],
    0,
    3,
  ).split('\n');
  return [bold(header), ...lines, '', proof(path.points)].join('\n');
}

/** Which columns came in or went out between two points of the path. */
function changes(path: LinearPath, before: number, now: number, names: readonly string[]): string {
  const [old, current] = [support(path, before), support(path, now)];
  const words = [
    ...[...current].filter((j) => !old.has(j)).map((j) => `+${names[j]}`),
    ...[...old].filter((j) => !current.has(j)).map((j) => `-${names[j]}`),
  ];
  return words.length <= 6 ? words.join(' ') : `${words.slice(0, 5).join(' ')} and ${words.length - 5} more`;
}

function support({ coefs: { indptr, indices } }: LinearPath, k: number): Set<number> {
  return k < 0 ? new Set() : new Set(indices.subarray(indptr[k], indptr[k + 1]));
}

function column({ coefs: { indptr, indices, data } }: LinearPath, k: number, names: readonly string[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (let e = indptr[k]; e < indptr[k + 1]; e++) out[names[indices[e]]] = data[e];
  return out;
}

function proof(points: readonly PathPoint[]): string {
  const open = points.filter(({ certificate }) => !certificate.converged).length;
  const gap = Math.max(0, ...points.map(({ certificate }) => certificate.gap));
  const all = open === 0 ? `All ${points.length} fits are certified` : `${open} of ${points.length} fits did NOT converge`;
  return `${all}: the largest relative duality gap is ${short(gap, 2)}.`;
}

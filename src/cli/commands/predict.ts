import type { CsrMatrix } from '../../core/csrMatrix.ts';
import type { DenseMatrix } from '../../core/denseMatrix.ts';
import type { CommandSpec, Job } from '../command.ts';
import { DataError, UsageError } from '../errors.ts';
import { choice, list } from '../flags.ts';
import { outputFile } from '../outputFile.ts';
import { inputName, readInput } from '../readInput.ts';
import { type Answer, loadModel, type SavedModel } from '../savedModel.ts';
import {
  csvText,
  formatOf,
  holdsWords,
  listed,
  located,
  numbersOf,
  readLabelledRows,
  readTable,
  requireColumns,
  type Table,
  type TableFormat,
} from '../tables.ts';

interface Flags {
  features?: string[];
  keep?: string[];
  out?: string;
  format?: TableFormat;
  probability?: boolean;
  text?: string;
}

export const predictCommand: CommandSpec<Flags> = {
  name: 'predict',
  summary: 'apply a saved model to new rows',
  description:
    'Reads a model saved by --save (or by toJSON() of the library) and prints CSV with one line per row of the file: predictions ' +
    'of linear models, expected counts, classes (with --probability how likely each is), classes of (spiking) networks, scores of principal components, cells of factorisations (columns "row" and ' +
    '"column", counted from 0), classes of texts. Columns are found by the names that were saved with the model.',
  args: [
    { name: 'model', description: 'model file (JSON)' },
    { name: 'file', description: 'CSV with a header line, or svmlight; - reads standard input' },
  ],
  flags: [
    { flags: '--out <file>', description: 'write there instead of to standard output' },
    { flags: '--keep <names>', description: 'columns of the file to copy in front, between commas', read: list },
    {
      flags: '--features <names>',
      description: 'columns to use, in the order of the model',
      read: list,
      fallback: 'those named in the model',
    },
    { flags: '--probability', description: 'the probability of each class, too' },
    {
      flags: '--text <name>',
      description: 'the column of texts, for models of spinifex text',
      fallback: 'that named in the model',
    },
    {
      flags: '--format <name>',
      description: 'csv or svmlight',
      read: choice(['csv', 'svmlight']),
      fallback: 'by the name of the file',
    },
  ],
  examples: [
    ['spinifex predict model.json new.csv', 'predictions to the screen'],
    ['spinifex predict model.json patients.csv --probability', 'how likely each class is'],
    ['spinifex predict model.json new.csv --keep id --out predictions.csv', 'with the rows named, to a file'],
  ],
  async run(job) {
    const [modelFile, file] = job.args;
    const { out } = job.flags;
    if (modelFile === '-' && file === '-') throw new UsageError('the model and the rows cannot both come from standard input');
    const output = out === undefined ? undefined : await outputFile(out);
    const model = loadModel(await readInput(modelFile, job.terminal), modelFile);
    checkFlags(model, job.flags);
    const sparse = formatOf(file, job.flags.format) === 'svmlight';
    if (sparse && model.texts)
      throw new UsageError(`--format: the model reads texts, which svmlight files do not hold (${inputName(file)})`);
    const predictRows = model.texts ? predictTexts : sparse ? predictSparse : predictTable;
    const columns = await predictRows(model, job);
    const text = csvText(columns);
    if (output === undefined) return void job.terminal.stdout.write(text);
    await output.write(text);
    job.note(`Predictions: ${output.path}`);
  },
};

/** @throws UsageError for what the model does not do */
function checkFlags({ kind, probability, texts }: SavedModel, flags: Flags): void {
  if (flags.probability && !probability)
    throw new UsageError(`--probability: the model (${kind}) has none; logistic ones and naive Bayes do`);
  if (flags.text !== undefined && !texts) throw new UsageError(`--text: a model of the kind ${kind} reads numbers, not texts`);
  if (flags.features !== undefined && texts)
    throw new UsageError('--features: the model reads texts: their column is named by --text');
}

/** What the model says about rows. */
function answer(model: SavedModel, X: DenseMatrix | CsrMatrix, { probability }: Flags): Answer {
  return { ...model.predict(X), ...(probability && model.probability?.(X)) };
}

async function predictTexts(model: SavedModel, { args: [, file], flags, terminal }: Job<Flags>) {
  const table = await readTable(file, terminal);
  const { keep = [] } = flags;
  const name = flags.text ?? model.texts?.column;
  if (name === undefined) throw new UsageError(`--text is needed: one of ${listed(table.names)}`);
  requireColumns(table, [name, ...keep], file);
  const X = model.texts!.matrix(table.text(name));
  return withKept(table, keep, answer(model, X, flags));
}

async function predictSparse(model: SavedModel, { args: [, file], flags, terminal }: Job<Flags>) {
  for (const name of ['features', 'keep'] as const) {
    if (flags[name] !== undefined) throw new UsageError(`--${name}: svmlight files have no column names (${inputName(file)})`);
  }
  const { X } = await readLabelledRows(file, terminal, model.width);
  return located(file, X, (rows) => answer(model, rows, flags));
}

async function predictTable(model: SavedModel, { args: [, file], flags, terminal }: Job<Flags>) {
  const table = await readTable(file, terminal);
  const { keep = [] } = flags;
  // Without names in the model: the columns of numbers, in the order of the file, if they are as many as the model has.
  const names =
    flags.features ?? model.features ?? table.names.filter((name) => !keep.includes(name) && !holdsWords(table, name));
  const { width = names.length } = model;
  if (names.length !== width) {
    if (flags.features)
      throw new UsageError(`--features: expected ${width} names, as the model has columns, got ${names.length}`);
    throw new DataError(
      `${inputName(file)}: the model has ${width} columns without names, the file ${names.length} (${listed(names)}); say which with --features`,
    );
  }
  requireColumns(table, [...names, ...keep], file);
  const X = numbersOf(table, names, file);
  return withKept(
    table,
    keep,
    located(file, X, (rows) => answer(model, rows, flags)),
  );
}

/** The answer behind columns of the file. */
function withKept(table: Table, keep: readonly string[], columns: Answer): Answer {
  const twice = keep.find((name) => Object.hasOwn(columns, name));
  if (twice !== undefined) throw new UsageError(`--keep: "${twice}" is the name of a column of the answer`);
  return { ...Object.fromEntries(keep.map((name) => [name, table.text(name)])), ...columns };
}

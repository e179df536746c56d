import type { Label } from '../../core/labels.ts';
import type { Certificate } from '../../linear/index.ts';
import { accuracy, balancedAccuracy, confusionMatrix } from '../../selection/index.ts';
import type { TfidfVectorizerOptions } from '../../text/index.ts';
import { certificateText } from '../certificateText.ts';
import { crossValidationPicture } from '../charts.ts';
import type { CommandSpec, Job } from '../command.ts';
import { type CvFlags, choicesText, cvFlags, validationJson } from '../cvOutput.ts';
import { UsageError } from '../errors.ts';
import { choice, integer, nonNegative, number } from '../flags.ts';
import { confusionText, percent } from '../judgements.ts';
import { OUTPUT_FLAGS, type OutputFlags, outputFiles, writeOutputs } from '../modelOutput.ts';
import { PATH_FLAGS, type PathFlags } from '../pathFlags.ts';
import { inputName, readInput } from '../readInput.ts';
import { type ClassTerms, strongestTerms, termsText } from '../strongestTerms.ts';
import { labelsOf, listed, located, readTable, requireColumns } from '../tables.ts';
import { classesOf, requireTwoOfEach } from '../targets.ts';
import { TEXT_METHODS } from '../textMethods.ts';
import type { TextModel } from '../textModel.ts';
import { count, short } from '../textTable.ts';
import { type TextTask, type ValidatedText, validateText } from '../textValidation.ts';

interface Flags extends CvFlags, PathFlags, OutputFlags {
  text?: string;
  target?: string;
  model?: keyof typeof TEXT_METHODS;
  cv?: boolean;
  lambda?: number;
  metric?: 'accuracy' | 'balanced';
  balance?: boolean;
  minDf?: number;
  maxDf?: number;
  maxTerms?: number;
  ngrams?: [number, number];
  sublinear?: boolean;
  stopWords?: string;
  terms?: number;
  seed?: number;
}

const METRICS = { accuracy: 'accuracy', balanced: 'balanced accuracy' };
const FOLDS = 5;
const LAMBDAS = 50;
const TERMS = 10;
const frequency = number('a share below 1 or a whole number', (value) => value > 0 && (value < 1 || Number.isInteger(value)));

export const textCommand: CommandSpec<Flags> = {
  name: 'text',
  summary: 'sort texts into classes',
  description:
    'Learns classes of texts from a table with a column of texts and a column of labels: words become TF-IDF weights, and an L1 support ' +
    'vector machine (or logistic regression, or complement naive Bayes) picks the few that matter. Lambda is chosen by cross-validation, in ' +
    'which every fold learns its own words; with more than two classes each is told from all others.',
  args: [{ name: 'file', description: 'CSV with a header line; - reads standard input' }],
  flags: [
    { flags: '--text <name>', description: 'the column of texts' },
    { flags: '--target <name>', description: 'the column of labels' },
    {
      flags: '--model <name>',
      description: 'svm, logistic or naive-bayes',
      read: choice(['svm', 'logistic', 'naive-bayes']),
      fallback: 'svm',
    },
    { flags: '--cv', description: 'choose lambda by cross-validation, as without --lambda' },
    { flags: '--lambda <number>', description: 'this lambda, which held-out texts then judge', read: nonNegative },
    ...cvFlags(FOLDS),
    {
      flags: '--metric <name>',
      description: 'accuracy, or balanced: the mean over classes',
      read: choice(['accuracy', 'balanced']),
      fallback: 'accuracy',
    },
    { flags: '--balance', description: 'give every class the same total weight' },
    ...PATH_FLAGS.map((flag) => (flag.flags.startsWith('--lambdas') ? { ...flag, fallback: String(LAMBDAS) } : flag)),
    {
      flags: '--min-df <number>',
      description: 'fewest texts that a term must be in: a share below 1, or a number of them',
      read: frequency,
      fallback: '1',
    },
    { flags: '--max-df <number>', description: 'most texts that a term may be in', read: frequency, fallback: 'no limit' },
    {
      flags: '--max-terms <count>',
      description: 'keep so many terms, the most frequent ones',
      read: integer(1),
      fallback: 'all',
    },
    { flags: '--ngrams <range>', description: 'words in a row that make a term: 2 (up to two), 2-3', read: range, fallback: '1' },
    { flags: '--sublinear', description: 'count 1 + ln n for a term that is n times in a text' },
    { flags: '--stop-words <file>', description: 'words that are left out, between blanks, commas or line ends' },
    { flags: '--terms <count>', description: 'terms that are printed for each class', read: integer(1), fallback: String(TERMS) },
    { flags: '--seed <integer>', description: 'seed of the folds', read: integer(0), fallback: '0' },
    ...OUTPUT_FLAGS,
  ],
  examples: [
    ['spinifex text mails.csv --text body --target kind', 'which words tell spam, and how often that is right'],
    ['spinifex text mails.csv --text body --target kind --ngrams 2 --min-df 2 --save spam.json', 'pairs of words, too; saved'],
    ['spinifex predict spam.json new.csv --keep id', 'the classes of new texts'],
  ],
  async run(job) {
    const { flags } = job;
    const { model: name = 'svm', folds = FOLDS, rule = 'min', metric = 'accuracy', seed = 0, balance = false } = flags;
    checkFlags(flags);
    const files = await outputFiles(flags);
    const texts = await readTexts(job);
    const { documents, labels, target, text } = texts;
    if (folds > labels.length)
      throw new UsageError(`--folds: expected at most the number of texts (${labels.length}), got ${folds}`);
    const { lambda, lambdas: nLambdas = LAMBDAS, minRatio } = flags;
    const task: TextTask = {
      method: TEXT_METHODS[name],
      vectorizer: await vectorizerOptions(flags, job),
      grid: {
        nLambdas,
        ...(minRatio !== undefined && { lambdaMinRatio: minRatio }),
        ...(lambda !== undefined && { lambdas: Float64Array.of(lambda) }),
      },
      balanced: balance,
      metric,
      folds,
      rule,
      seed,
    };
    const found = job.work('texts', (run) => located(job.args[0], documents, () => validateText(documents, labels, task, run)));
    const { model } = found;
    const written = await writeOutputs(
      files,
      () => crossValidationPicture(found, { ...titles(task), best: 'max' }),
      () => model,
      { target, text },
    );
    const report = { found, texts, task, name, terms: strongestTerms(model, flags.terms ?? TERMS) };
    if (flags.json) return job.print(JSON.stringify(reportJson(report), undefined, 2));
    job.print(reportText(report, inputName(job.args[0]), lambda === undefined, job.bold));
    if (written.length > 0) job.print(`\n${written.join('\n')}`);
  },
};

/** What is said about a run. */
interface Report {
  found: ValidatedText;
  texts: Texts;
  task: TextTask;
  name: string;
  terms: ClassTerms[];
}

function titles({ metric }: TextTask) {
  return { metric: METRICS[metric], columns: 'terms' };
}

function reportText(
  { found, texts, task, terms }: Report,
  source: string,
  isChosen: boolean,
  bold: (text: string) => string,
): string {
  const { method, folds, rule } = task;
  const { labels, target, text } = texts;
  const { model, heldOut, lambda, used } = found;
  const size = model.vectorizer.terms.length;
  const uses = method.penalised ? `, lambda ${short(lambda)}: ${count(used, 'term')} of ${size} used` : `: ${size} terms`;
  const [right, overClasses] = [accuracy(labels, heldOut), balancedAccuracy(labels, heldOut)].map(percent);
  const certificate = coarsest(model);
  return [
    `${method.title} of "${target}" on "${text}", ${labels.length} texts of ${source}, ${folds} folds`,
    ...(method.penalised && isChosen ? [choicesText(found, rule, bold, titles(task))] : []),
    `Held-out accuracy ${right} (mean over classes ${overClasses})${uses}.`,
    confusionText(confusionMatrix(labels, heldOut)),
    termsText(terms, bold),
    ...(certificate ? [certificateText(certificate)] : []),
  ].join('\n\n');
}

function reportJson({ found, texts: { labels, target }, task, name, terms }: Report): object {
  const { model, heldOut, lambda, used } = found;
  const { method, rule, metric, folds } = task;
  const chosen = { rule, metric, lambda, used, ...validationJson(found), certificate: coarsest(model) };
  return {
    target,
    texts: labels.length,
    vocabulary: model.vectorizer.terms.length,
    model: name,
    folds,
    ...(method.penalised && chosen),
    classes: model.classes,
    accuracy: accuracy(labels, heldOut),
    balancedAccuracy: balancedAccuracy(labels, heldOut),
    confusion: confusionMatrix(labels, heldOut).counts.toRows(),
    terms,
  };
}

/** The certificate of the model that is least accurate, where models have one. */
function coarsest({ classifiers }: TextModel): Certificate | undefined {
  const certificates = classifiers.flatMap((model) => ('certificate' in model ? [model.certificate] : []));
  return certificates.sort((a, b) => b.gap - a.gap)[0];
}

/** Texts with their labels, and how their columns are called. */
interface Texts {
  documents: string[];
  labels: Label[];
  target: string;
  text: string;
}

async function readTexts({ args: [file], flags, terminal }: Job<Flags>): Promise<Texts> {
  const table = await readTable(file, terminal);
  const { text, target } = flags;
  if (text === undefined) throw new UsageError(`--text is needed: one of ${listed(table.names)}`);
  if (target === undefined) throw new UsageError(`--target is needed: one of ${listed(table.names)}`);
  if (text === target) throw new UsageError(`--text: "${text}" is the target`);
  requireColumns(table, [text, target], file);
  const labels = Array.from<Label>(labelsOf(table, target, file));
  const title = `${inputName(file)}: the target "${target}"`;
  classesOf(labels, title);
  requireTwoOfEach(labels, title);
  return { documents: table.text(text), labels, target, text };
}

async function vectorizerOptions(flags: Flags, { terminal }: Job<Flags>): Promise<TfidfVectorizerOptions> {
  const { minDf = 1, maxDf, maxTerms, ngrams = [1, 1], sublinear = false, stopWords } = flags;
  const options: TfidfVectorizerOptions = { minDf, ngramRange: ngrams, sublinearTf: sublinear };
  if (maxDf !== undefined) options.maxDf = maxDf;
  if (maxTerms !== undefined) options.maxFeatures = maxTerms;
  if (stopWords !== undefined) {
    const words = (await readInput(stopWords, terminal)).toLowerCase().split(/[\s,;]+/);
    options.stopWords = words.filter((word) => word !== '');
  }
  return options;
}

/** @throws UsageError for flags that do not go together */
function checkFlags({ cv, lambda, model, lambdas, minRatio, balance, stopWords, svg }: Flags): void {
  if (cv && lambda !== undefined) throw new UsageError('--cv and --lambda: expected one of them');
  if (svg !== undefined && lambda !== undefined) throw new UsageError('--svg: shows many lambdas, but --lambda is given');
  const penalty = { lambda, lambdas, 'min-ratio': minRatio, balance, svg };
  for (const [flag, value] of Object.entries(penalty)) {
    if (value !== undefined && model === 'naive-bayes') throw new UsageError(`--${flag}: has no use with --model naive-bayes`);
  }
  if (stopWords === '-') throw new UsageError('--stop-words: expected a file');
}

/** `2` is one word or two in a row, `2-3` two or three. */
function range(text: string): [number, number] {
  const [first, last] = text.split('-').map(Number);
  const [low, high] = last === undefined ? [1, first] : [first, last];
  if (Number.isInteger(low) && Number.isInteger(high) && low >= 1 && high >= low && /^\d+(-\d+)?$/.test(text)) return [low, high];
  throw new UsageError(`expected a number of words, or two as in 1-2, got "${text}"`);
}

/**
 * How well models do on rows: what was observed beside decision values.
 * @module
 */
import type { Label } from '../core/labels.ts';
import { hingeLoss, logLoss, poissonDeviance } from '../linear/index.ts';
import { accuracy, auc, type ConfusionMatrix, confusionMatrix, meanAbsoluteError } from '../selection/index.ts';
import type { Judgement } from './modelOutput.ts';
import type { Targets } from './targets.ts';
import { short, textTable } from './textTable.ts';

/** Of two classes: `rows` says which rows, `'these rows'`. */
export function classJudgement(loss: 'logistic' | 'svm') {
  return (y: Targets, decision: Float64Array, classes: readonly Label[] = [], rows: string): Judgement => {
    const positive = classes[1];
    const predicted = Array.from(decision, (f) => classes[f > 0 ? 1 : 0]);
    const figures: Record<string, number> = { accuracy: accuracy(y, predicted), auc: auc(y, decision, { positive }) };
    const said = [`accuracy ${percent(figures.accuracy)}`, `AUC ${short(figures.auc, 4)}`];
    if (loss === 'svm') {
      figures.squaredHinge = hingeLoss(y, decision, { positive, squared: true });
      said.push(`squared hinge loss ${short(figures.squaredHinge, 4)}`);
    } else {
      const share = Array.from<Label>(y).filter((label) => label === positive).length / y.length;
      figures.deviance = 2 * logLoss(y, decision.map(logistic), { positive });
      const none = 2 * logLoss(y, new Float64Array(y.length).fill(share), { positive });
      figures.explained = 1 - figures.deviance / none;
      said.push(`deviance ${short(figures.deviance, 4)} (${percent(figures.explained)} explained)`);
    }
    const confusion = confusionMatrix<Label>(y, predicted);
    return {
      lines: [
        `Positive coefficients speak for ${JSON.stringify(positive)}, negative ones for ${JSON.stringify(classes[0])}.`,
        `On ${rows}: ${said.join(', ')}.`,
      ],
      table: confusionText(confusion),
      json: { classes, ...figures, confusion: confusion.counts.toRows() },
    };
  };
}

/** Of counts, whose expectation is exp(decision). */
export function countJudgement(
  y: Targets,
  decision: Float64Array,
  _classes: readonly Label[] | undefined,
  rows: string,
): Judgement {
  const counts = y as Float64Array;
  const expected = decision.map(Math.exp);
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  const deviance = poissonDeviance(counts, expected);
  const explained = 1 - deviance / poissonDeviance(counts, new Float64Array(counts.length).fill(mean));
  const error = meanAbsoluteError(counts, expected);
  return {
    lines: [
      'A coefficient b multiplies the expected count by exp(b) for every unit of its column.',
      `On ${rows}: ${percent(explained)} of the deviance explained, deviance ${short(deviance, 4)}, mean absolute error ${short(error, 4)}.`,
    ],
    json: { deviance, explained, meanAbsoluteError: error },
  };
}

/** Which classes were taken for which. */
export function confusionText({ classes, counts }: ConfusionMatrix): string {
  return textTable([
    ['is \\ predicted as', ...classes.map(String)],
    ...classes.map((label, i) => [String(label), ...classes.map((_, j) => short(counts.get(i, j)))]),
  ]);
}

export function percent(share: number): string {
  // Rounding is no share.
  return `${short(Math.abs(share) < 1e-12 ? 0 : 100 * share, 4)} %`;
}

function logistic(f: number): number {
  const e = Math.exp(-Math.abs(f));
  return f > 0 ? 1 / (1 + e) : e / (1 + e);
}

import { ComplementNaiveBayesModel } from '../text/index.ts';
import type { BinaryTextModel, TextModel } from './textModel.ts';
import { short, textTable } from './textTable.ts';

/** Terms that speak for a class, strongest first. */
export interface ClassTerms {
  class: string | number;
  terms: { term: string; weight: number }[];
}

/** For each class the terms with the largest weights above 0: coefficients, or by how much a weight is above its mean over the other classes. */
export function strongestTerms({ vectorizer: { terms }, classes, classifiers }: TextModel, most: number): ClassTerms[] {
  return classes.map((label, c) => {
    const weights = weightsOf(classifiers, c, classes.length);
    const order = Array.from(weights.keys())
      .filter((j) => weights[j] > 0)
      .sort((a, b) => weights[b] - weights[a] || a - b);
    return { class: label, terms: order.slice(0, most).map((j) => ({ term: terms[j], weight: weights[j] })) };
  });
}

/** One line for each class. */
export function termsText(classes: readonly ClassTerms[], bold: (text: string) => string): string {
  const words = ({ terms }: ClassTerms) => terms.map(({ term, weight }) => `${term} ${short(weight, 3)}`).join(', ') || '(none)';
  const rows = classes.map((each) => [String(each.class), words(each)]);
  const [header, ...lines] = textTable([['class', 'terms that speak for it'], ...rows], 2).split('\n');
  return [bold(header), ...lines].join('\n');
}

function weightsOf(classifiers: TextModel['classifiers'], c: number, classes: number): Float64Array {
  const [first] = classifiers;
  if (first instanceof ComplementNaiveBayesModel) {
    const { weights } = first;
    return Float64Array.from({ length: weights.cols }, (_, j) => {
      let others = 0;
      for (let k = 0; k < classes; k++) if (k !== c) others += weights.get(k, j);
      return weights.get(c, j) - others / (classes - 1);
    });
  }
  const binary = classifiers as readonly BinaryTextModel[];
  if (binary.length > 1) return binary[c].coef;
  return c === 1 ? binary[0].coef : binary[0].coef.map((b) => -b);
}

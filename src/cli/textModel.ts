import type { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import type { Label } from '../core/labels.ts';
import { LogisticModel, SvmModel } from '../linear/index.ts';
import { ComplementNaiveBayesModel, TfidfVectorizerModel } from '../text/index.ts';

const KIND = 'TextModel';

/** Models of two classes, or of one against the others. */
export type BinaryTextModel = LogisticModel | SvmModel;
type Rows = DenseMatrix | CsrMatrix;

/** How texts become rows, and rows classes: one model of two classes, one of every class against the others, or naive Bayes. */
export class TextModel {
  readonly vectorizer: TfidfVectorizerModel;
  readonly classes: readonly Label[];
  /** One; or as many as classes, each with 1 for its class and 0 for the others. */
  readonly classifiers: readonly (BinaryTextModel | ComplementNaiveBayesModel)[];
  /** Rows x classes, where the classifiers have probabilities; those of one class against the others are made to add up to 1. */
  readonly probability: ((X: Rows) => DenseMatrix) | undefined;

  constructor(vectorizer: TfidfVectorizerModel, classes: readonly Label[], classifiers: TextModel['classifiers']) {
    this.vectorizer = vectorizer;
    this.classes = classes;
    this.classifiers = classifiers;
    this.probability = classifiers[0] instanceof SvmModel ? undefined : (X) => this.#probability(X);
  }

  /** The class of every row: the one whose model is surest. */
  predict(X: Rows): Label[] {
    const [only, ...others] = this.classifiers;
    if (others.length === 0) return only.predict(X);
    const decisions = this.classifiers.map((model) => (model as BinaryTextModel).decision(X));
    return Array.from(decisions[0], (_, i) => {
      const values = decisions.map((decision) => decision[i]);
      return this.classes[values.indexOf(Math.max(...values))];
    });
  }

  toJSON(): object {
    const { vectorizer, classes, classifiers } = this;
    return modelJson(KIND, 1, {
      vectorizer: vectorizer.toJSON(),
      classes,
      classifiers: classifiers.map((model) => model.toJSON()),
    } as never);
  }

  /** @throws SpinifexError `BAD_MODEL` for anything but what `toJSON` wrote */
  static fromJSON(json: unknown): TextModel {
    const reader = readModelJson(json, KIND, 1);
    const { vectorizer, classifiers } = json as { vectorizer: unknown; classifiers: { spinifex?: string }[] };
    const classes = reader.labels('classes');
    if (!Array.isArray(classifiers) || (classifiers.length !== 1 && classifiers.length !== classes.length)) {
      reader.fail(`classifiers: expected 1 or ${classes.length}`);
    }
    const models = classifiers.map((each) => {
      if (each?.spinifex === 'LogisticModel') return LogisticModel.fromJSON(each);
      return each?.spinifex === 'SvmModel' ? SvmModel.fromJSON(each) : ComplementNaiveBayesModel.fromJSON(each);
    });
    const terms = TfidfVectorizerModel.fromJSON(vectorizer);
    const width = (model: (typeof models)[number]) =>
      model instanceof ComplementNaiveBayesModel ? model.featureCounts.cols : model.coef.length;
    if (models.some((model) => width(model) !== terms.terms.length)) reader.fail('classifiers: expected one weight per term');
    return new TextModel(terms, classes, models);
  }

  #probability(X: Rows): DenseMatrix {
    const [only, ...others] = this.classifiers as readonly (LogisticModel | ComplementNaiveBayesModel)[];
    if (others.length === 0) return only.predictProbability(X);
    const each = this.classifiers.map((model) => (model as LogisticModel).predictProbability(X));
    const out = new Float64Array(X.rows * each.length);
    for (let i = 0; i < X.rows; i++) {
      const total = each.reduce((sum, P) => sum + P.get(i, 1), 0);
      for (const [k, P] of each.entries()) out[i * each.length + k] = total > 0 ? P.get(i, 1) / total : 1 / each.length;
    }
    return new DenseMatrix(out, X.rows, each.length);
  }
}

import { optionsObject } from '../../core/checks.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import { encodeLabels, type Label, type LabelInput, labelIndices } from '../../core/labels.ts';
import { FtrlClassifierModel } from './ftrlClassifierModel.ts';
import { FtrlLearner } from './ftrlLearner.ts';
import { FTRL_OPTIONS, type FtrlOptions, rebuilt } from './ftrlOptions.ts';
import { FtrlState } from './ftrlState.ts';

const KIND = 'FtrlClassifier';
const VERSION = 1;

/** Options of `FtrlClassifier`. */
export interface FtrlClassifierOptions<L extends Label = Label> extends FtrlOptions {
  /** The two labels, the one whose probability is modelled last. Default: those of the first chunk, ascending. */
  classes?: readonly L[];
}

/**
 * Logistic regression of two classes on streams, row by row, by FTRL-proximal: see `FtrlRegression`. Loss: log(1 + exp(-f)) for the second class,
 * log(1 + exp(f)) for the first.
 *
 * @example
 * const learner = new FtrlClassifier({ alpha: 0.1, l1: 1, features: 2 ** 20, classes: ['ham', 'spam'] });
 * await learner.fitStream(chunks);
 * learner.model().predictProbability(X);
 */
export class FtrlClassifier<L extends Label = Label> extends FtrlLearner<LabelInput<L>> {
  #classes: readonly L[] | undefined;

  constructor(options?: FtrlClassifierOptions<L>) {
    const given = optionsObject(options, 'FtrlClassifier', [...FTRL_OPTIONS, 'classes']);
    const classes = given.classes === undefined ? undefined : twoClasses(given.classes, 'classes');
    super(given, 0);
    this.#classes = classes;
  }

  /** The two labels, the one whose probability is modelled last; `undefined` before the first chunk where they were not given. */
  get classes(): readonly L[] | undefined {
    return this.#classes?.slice();
  }

  /** Progressive validation: the share of rows whose label was predicted before they were learned. NaN before the first row. */
  get progressiveAccuracy(): number {
    const seen = this.state?.seen;
    return seen ? 1 - seen.wrong / seen.weight : Number.NaN;
  }

  /** The model as it is now. @throws SpinifexError `NOT_FITTED` before the first row where `features` was not given */
  model(): FtrlClassifierModel<L> {
    const classes = this.#classes ?? [];
    return new FtrlClassifierModel({
      ...this.ready().weights(),
      classes,
      rows: this.rows,
      progressiveLoss: this.progressiveLoss,
    });
  }

  /** The whole state, for `JSON.stringify`: `fromJSON` goes on with the same bits. */
  toJSON(): object {
    const { loss: _, ...recipe } = this.recipe;
    const classes = this.#classes ? { classes: this.#classes } : {};
    return modelJson(KIND, VERSION, { ...recipe, ...classes, ...(this.state ? { state: this.state.fields() } : {}) });
  }

  /** The learner saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): FtrlClassifier {
    const reader = readModelJson(json, KIND, VERSION);
    const known = reader.has('classes') ? { classes: reader.labels('classes') } : {};
    const learner = rebuilt(reader, (options) => new FtrlClassifier({ ...options, ...known }));
    if (reader.has('state')) learner.state = FtrlState.read(learner.recipe, reader.object('state'));
    return learner;
  }

  /** @internal */
  protected targets(y: LabelInput<L>, rows: number): Float64Array {
    const classes = this.#classes ?? twoClasses(y, 'y', rows);
    const index = labelIndices(y, classes, 'y', rows);
    this.#classes = classes;
    return Float64Array.from(index);
  }
}

/** The two labels in the order given for `classes`, ascending otherwise. */
function twoClasses<L extends Label>(labels: LabelInput<L>, title: string, rows?: number): readonly L[] {
  const { classes } = encodeLabels(labels, title, rows, 1);
  if (classes.length !== 2) {
    const hint = classes.length === 1 ? ': name both in the option classes' : ' (one learner against the rest for each class)';
    throw new RangeError(`${title}: expected two different labels, got ${classes.length}${title === 'y' ? hint : ''}`);
  }
  return title === 'classes' ? Array.from(labels as ArrayLike<L>) : classes;
}

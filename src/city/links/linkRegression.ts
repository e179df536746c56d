import { DenseMatrix } from '../../core/denseMatrix.ts';
import { ElasticNetCV } from '../../linear/index.ts';
import { conserveFlow } from './conserveFlow.ts';
import { classMedian, type LinkPredictor, smoothOverLinks } from './linkMethods.ts';
import { nodeBalance } from './nodeBalance.ts';

const FOLDS = 5;
/** Pull of a residual to 0, in neighbours. */
const PULL = 1;

/**
 * The root of traffic, whose errors are about equally large everywhere, by an elastic net on the features, its strength by cross-validation; where there
 * are trips, as a correction of what they are when assigned. Plus the residuals of the neighbours, smoothed.
 */
export const linkRegression: LinkPredictor = (study, traffic, unknown) => {
  const { features, connector } = study;
  const known = Int32Array.from(traffic.keys()).filter((e) => !Number.isNaN(traffic[e]) && connector[e] === 0);
  if (features.length === 0 || known.length < 2 * FOLDS) return classMedian(study, traffic, unknown);
  const rowsOf = (links: Int32Array) => {
    const X = new DenseMatrix(new Float64Array(links.length * features.length), links.length, features.length);
    links.forEach((e, i) => {
      features.forEach(({ values }, j) => {
        X.data[i * features.length + j] = values[e];
      });
    });
    return X;
  };
  const offset = study.assigned
    ? assignedTraffic(study, traffic, Int32Array.from(traffic.keys())).map((v) => Math.sqrt(v))
    : new Float64Array(traffic.length);
  // The offset belongs to the response, because cross-validation takes none.
  const y = Float64Array.from(known, (e) => Math.sqrt(traffic[e]) - offset[e]);
  const X = rowsOf(known);
  const { model } = new ElasticNetCV({ folds: FOLDS, standardize: true, nLambdas: 50, l1Ratio: 0.9 }).fit(X, y);
  const fitted = model.predict(X);
  const residual = new Float64Array(traffic.length).fill(Number.NaN);
  known.forEach((e, i) => {
    residual[e] = y[i] - fitted[i];
  });
  const smooth = smoothOverLinks(study, residual, unknown, PULL);
  return model.predict(rowsOf(unknown)).map((value, k) => Math.max(0, value + offset[unknown[k]] + smooth[k]) ** 2);
};

/** The traffic of the known trips, times one factor that makes the known traffic come out right on the whole; class medians without trips. */
export const assignedTraffic: LinkPredictor = (study, traffic, unknown) => {
  const { assigned } = study;
  if (assigned === undefined) return classMedian(study, traffic, unknown);
  let [actual, predicted] = [0, 0];
  for (let e = 0; e < traffic.length; e++) {
    if (Number.isNaN(traffic[e])) continue;
    actual += traffic[e];
    predicted += assigned[e];
  }
  const factor = predicted > 0 ? actual / predicted : 1;
  return Float64Array.from(unknown, (e) => factor * assigned[e]);
};

/** Another predictor's traffic, moved as little as conservation needs; errors are taken to be in proportion to traffic. */
export function conserving(predictor: LinkPredictor): LinkPredictor {
  return (study, traffic, unknown) => {
    const estimate = predictor(study, traffic, unknown);
    return conserveFlow(study.network, traffic, nodeBalance(study, traffic), unknown, estimate, variances(traffic, estimate));
  };
}

/** Squares of traffic: half that of the link at hand, and a tenth of the mean so that nothing is certain. */
function variances(traffic: Float64Array, estimate: Float64Array): Float64Array {
  let [sum, count] = [0, 0];
  for (const v of traffic) {
    if (Number.isNaN(v)) continue;
    sum += v;
    count++;
  }
  const floor = 0.1 * (count > 0 && sum > 0 ? sum / count : 1);
  return estimate.map((value) => (0.5 * value + floor) ** 2);
}

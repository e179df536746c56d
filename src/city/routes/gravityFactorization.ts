import { calibrateField, MOST_VARIANCE, pooled, pooledLog } from './calibrateField.ts';
import { FactoredField } from './factoredField.ts';
import { factorization } from './factorization.ts';
import { designOf } from './gravityField.ts';
import { expOf } from './logExp.ts';
import { poissonGravity } from './poissonGravity.ts';
import { type RouteEntries, selectEntries } from './routeEntries.ts';
import type { RouteMethod, RoutePredictions } from './routeMethod.ts';
import { tuneField } from './tuneField.ts';
import { type ZoneSetting, zonesAround } from './zoneSetting.ts';

/** Parameters are chosen within so many zones, and calibrated within so many, where there are more: both cost many fits. */
const TUNING_ZONES = 30;
const CALIBRATION_ZONES = 44;
const MOST_ENTRIES = 1600;

/**
 * Gravity x factorisation: log T_ij = gravity terms + a_i + b_j + x_i . y_j (`GravityField`, `FactoredField`), its variances chosen by marginal likelihood and its bias, its
 * intervals and the weight of plain gravity measured by cross-validation, all within the training entries.
 */
export const gravityFactorization: RouteMethod = {
  name: 'gravity x factorisation',
  knows: ['distance', 'attributes', 'places'],
  fit(train, setting, seed) {
    const design = designOf(setting);
    const tuned = within(train, setting, TUNING_ZONES);
    const parameters = tuneField(tuned.entries, designOf(tuned.setting), seed);
    const part = train.row.length > MOST_ENTRIES ? within(train, setting, CALIBRATION_ZONES) : { entries: train, setting };
    const { warm, cold } = calibrateField(part.entries, part.setting, parameters, seed);
    const field = new FactoredField(train, design, parameters, seed);
    const gravity = poissonGravity(train, setting);
    const plainFactors = factorization.fit(train, setting, seed);
    const origins = new Uint8Array(train.zones);
    const destinations = new Uint8Array(train.zones);
    for (let k = 0; k < train.row.length; k++) origins[train.row[k]] = destinations[train.col[k]] = 1;
    return {
      predict(rows, cols): Required<RoutePredictions> {
        const { mean, variance } = field.predict(rows, cols);
        const plain = gravity.predict(rows, cols).value;
        const factored = plainFactors.predict(rows, cols).value;
        const out = {
          value: new Float64Array(rows.length),
          standardError: new Float64Array(rows.length),
          lower: new Float64Array(rows.length),
          upper: new Float64Array(rows.length),
        };
        for (let k = 0; k < rows.length; k++) {
          const calibration = origins[rows[k]] && destinations[cols[k]] ? warm : cold;
          const value = pooled(calibration, mean[k], variance[k], plain[k], factored[k]);
          const total = variance[k] + field.countingVariance(value);
          const half = calibration.spread * Math.sqrt(total);
          out.value[k] = value;
          out.standardError[k] = value * Math.sqrt(expOf(Math.min(total, MOST_VARIANCE)) - 1);
          const middle = pooledLog({ ...calibration, share: 0 }, mean[k], variance[k], plain[k], factored[k]);
          // What is expected lies inside, however skew the distribution is.
          out.lower[k] = Math.min(value, Math.max(0, expOf(middle - half) - field.unit / 2));
          out.upper[k] = Math.max(value, expOf(middle + half) - field.unit / 2);
        }
        return out;
      },
    };
  },
};

/** The entries between the `count` zones around the busiest one. */
function within(train: RouteEntries, setting: ZoneSetting, count: number): { entries: RouteEntries; setting: ZoneSetting } {
  if (train.zones <= count || setting.distance === undefined) return { entries: train, setting };
  const busy = new Float64Array(train.zones);
  for (let k = 0; k < train.row.length; k++) busy[train.col[k]] += train.value[k];
  let busiest = 0;
  for (let j = 1; j < train.zones; j++) if (busy[j] > busy[busiest]) busiest = j;
  const zones = zonesAround(setting, busiest, count);
  const number = new Int32Array(train.zones).fill(-1);
  for (const [k, zone] of zones.members.entries()) number[zone] = k;
  const inside = selectEntries(train, (k) => number[train.row[k]] >= 0 && number[train.col[k]] >= 0);
  const renumber = (ids: Int32Array) => ids.map((zone) => number[zone]);
  return {
    entries: { zones: count, row: renumber(inside.row), col: renumber(inside.col), value: inside.value },
    setting: zones.setting,
  };
}

import { calibrateField, MOST_LOG, MOST_VARIANCE, pooled } from './calibrateField.ts';
import { FieldDesign, GravityField } from './gravityField.ts';
import { expOf } from './logExp.ts';
import { poissonGravity } from './poissonGravity.ts';
import { type RouteEntries, selectEntries } from './routeEntries.ts';
import type { RouteMethod, RoutePredictions } from './routeMethod.ts';
import { tuneField } from './tuneField.ts';
import { type ZoneSetting, zonesAround } from './zoneSetting.ts';

/** Above this many observed routes, parameters are chosen within a neighbourhood of so many zones. */
const MOST_ENTRIES = 2500;
const NEIGHBOURHOOD = 48;
/**
 * Gravity x factorisation: log T_ij = gravity terms + a_i + b_j + x_i . y_j (`GravityField`), its variances chosen by marginal likelihood and its bias, its
 * intervals and the weight of plain gravity measured by cross-validation, all within the training entries.
 */
export const gravityFactorization: RouteMethod = {
  name: 'gravity x factorisation',
  knows: ['distance', 'attributes', 'places'],
  fit(train, setting, seed) {
    const design = new FieldDesign(setting);
    const [part, partSetting, partDesign] = neighbourhood(train, setting, design);
    const parameters = tuneField(part, partDesign, seed);
    const { warm, cold } = calibrateField(part, partSetting, partDesign, parameters, seed);
    const field = new GravityField(train, design, parameters, seed);
    const gravity = poissonGravity(train, setting);
    const origins = new Uint8Array(train.zones);
    const destinations = new Uint8Array(train.zones);
    for (let k = 0; k < train.row.length; k++) origins[train.row[k]] = destinations[train.col[k]] = 1;
    return {
      predict(rows, cols): Required<RoutePredictions> {
        const { mean, variance } = field.predict(rows, cols);
        const plain = gravity.predict(rows, cols).value;
        const out = {
          value: new Float64Array(rows.length),
          standardError: new Float64Array(rows.length),
          lower: new Float64Array(rows.length),
          upper: new Float64Array(rows.length),
        };
        for (let k = 0; k < rows.length; k++) {
          const calibration = origins[rows[k]] && destinations[cols[k]] ? warm : cold;
          const value = pooled(calibration, mean[k], variance[k], plain[k]);
          const total = variance[k] + field.countingVariance(value);
          const half = calibration.spread * Math.sqrt(total);
          out.value[k] = value;
          out.standardError[k] = value * Math.sqrt(expOf(Math.min(total, MOST_VARIANCE)) - 1);
          out.lower[k] = Math.max(0, expOf(Math.min(mean[k], MOST_LOG) - half) - field.unit / 2);
          out.upper[k] = expOf(Math.min(mean[k], MOST_LOG) + half) - field.unit / 2;
        }
        return out;
      },
    };
  },
};

/** The entries between the zones around the busiest one, where there are too many to try parameters on all of them. */
function neighbourhood(train: RouteEntries, setting: ZoneSetting, design: FieldDesign): [RouteEntries, ZoneSetting, FieldDesign] {
  if (train.row.length <= MOST_ENTRIES || setting.distance === undefined) return [train, setting, design];
  const busy = new Float64Array(train.zones);
  for (let k = 0; k < train.row.length; k++) busy[train.col[k]] += train.value[k];
  const zones = zonesAround(setting, busy.indexOf(busy.reduce((a, b) => (a > b ? a : b))), NEIGHBOURHOOD);
  const number = new Int32Array(train.zones).fill(-1);
  for (const [k, zone] of zones.members.entries()) number[zone] = k;
  const inside = selectEntries(train, (k) => number[train.row[k]] >= 0 && number[train.col[k]] >= 0);
  const renumber = (ids: Int32Array) => ids.map((zone) => number[zone]);
  const part = { zones: zones.setting.size, row: renumber(inside.row), col: renumber(inside.col), value: inside.value };
  return [part, zones.setting, new FieldDesign(zones.setting)];
}

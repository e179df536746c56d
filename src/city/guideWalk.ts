import { directionChecks } from './guide/directionChecks.ts';
import { efficiencyChecks } from './guide/efficiencyChecks.ts';
import { factorizationChecks } from './guide/factorizationChecks.ts';
import { preprocessingChecks } from './guide/preprocessingChecks.ts';
import { regressionChecks } from './guide/regressionChecks.ts';
import { shrinkageChecks } from './guide/shrinkageChecks.ts';
import { sparsityChecks } from './guide/sparsityChecks.ts';
import { spikingChecks } from './guide/spikingChecks.ts';
import { summaryChecks } from './guide/summaryChecks.ts';
import type { GuideCheck } from './guideCheck.ts';

/**
 * The guide, checked: every equation from 3 to 47 and every table, computed by the library's own functions beside the guide's numbers. Where
 * the guide's arithmetic does not follow, `agrees` is false and `why` says so in one sentence. The same bits on every machine.
 *
 * @returns checks in the order of the guide; an equation or a table may have several
 * @example
 * for (const { place, guide, computed, agrees, why } of guideWalk()) if (!agrees) console.log(place, guide, computed, why);
 */
export function guideWalk(): GuideCheck[] {
  const checks = [
    ...preprocessingChecks(),
    ...regressionChecks(),
    ...shrinkageChecks(),
    ...factorizationChecks(),
    ...directionChecks(),
    ...spikingChecks(),
    ...efficiencyChecks(),
    ...sparsityChecks(),
  ];
  return [...checks, ...summaryChecks(checks)];
}

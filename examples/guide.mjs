// The guide's own numbers beside what the library computes; where they differ, why.
import { guideWalk } from 'spinifex/city';

const checks = guideWalk();
for (const { place, title, guide, computed, agrees, why } of checks) {
  console.log(`${agrees ? ' ' : '!'} ${place}: ${title}\n    guide  ${guide}\n    here   ${computed}${why && `\n    ${why}`}`);
}
console.log(`${checks.filter(({ agrees }) => agrees).length} of ${checks.length} agree`);

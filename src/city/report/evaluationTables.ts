import { numberText, percentText } from '../../plot/index.ts';
import type { Evaluation, MethodScores, Score } from '../evaluation.ts';
import { splitWords } from './cityReportCharts.ts';
import { type Html, html } from './html.ts';
import { beside, type FigureOf, figures, paragraph } from './section.ts';
import { table } from './table.ts';

/** A column: what it is, and how far a score is from the best there could be. */
const columns: readonly {
  head: string;
  of: (m: MethodScores) => Score;
  loss: (mean: number) => number;
  write?: (mean: number) => string;
}[] = [
  { head: 'RMSE', of: (m) => m.rmse, loss: (v) => v },
  { head: '%RMSE', of: (m) => m.rmsePercent, loss: (v) => v },
  { head: 'MAE', of: (m) => m.mae, loss: (v) => v },
  { head: 'WAPE', of: (m) => m.wape, loss: (v) => v },
  { head: 'Common part', of: (m) => m.cpc, loss: (v) => -v },
  { head: 'Mean deviance', of: (m) => m.deviance, loss: (v) => v },
  { head: 'Skill', of: (m) => m.skill, loss: (v) => -v },
  { head: 'In 90 % interval', of: (m) => m.coverage, loss: (v) => Math.abs(v - 0.9), write: percentText },
];

/** Per split: the chart, all methods with all scores, and the error by class of volume. */
export function evaluationTables(evaluations: readonly Evaluation[], figure: FigureOf): Html {
  return html`${evaluations.map((evaluation) => one(evaluation, figure))}${paragraph(
    '%RMSE is relative to the mean of what was held out; the common part is 2 Σ min(T, T′) / (Σ T + Σ T′), 1 is perfect; skill is 1 minus the deviance relative to doubly constrained gravity, averaged over seeds: 0 or less adds nothing to it. Deviance is that of a Poisson count, per route.',
  )}`;
}

function one({ split, seeds, heldOut, methods }: Evaluation, figure: FigureOf): Html {
  const what = splitWords[split];
  const ours = methods.findIndex((m) => m.ours);
  const count = heldOut.reduce((a, b) => a + b, 0) / Math.max(heldOut.length, 1);
  const verdict =
    ours < 0
      ? ''
      : ours === 0
        ? `Ours has the best skill of ${methods.length} methods${isClear(methods) ? '' : ', by less than one standard error'}.`
        : `By skill ours is number ${ours + 1} of ${methods.length}, behind ${methods
            .slice(0, ours)
            .map(({ method }) => method)
            .join(', ')}.`;
  const least = methods.reduce((a, b) => (b.deviance.mean < a.deviance.mean ? b : a), methods[0]);
  const other =
    ours >= 0 && least !== methods[0]
      ? ` ${least.ours ? 'Ours' : capital(least.method)} has the smallest mean deviance: skill compares seed by seed, the mean follows the seeds with much traffic.`
      : '';
  const classes = methods[0]?.rmsePercentByVolume ?? [];
  return html`<h3>${capital(what)}</h3>${beside(paragraph(`${seeds.length === 1 ? 'One seed' : `${seeds.length} seeds`}, about ${numberText(Math.round(count))} routes held out${seeds.length === 1 ? '' : ' in each'}. ${verdict}${other}`), figures(figure(`evaluation-${split}`)))}${scoresTable(`Scores, ${what}`, methods, columns)}${
    classes.length > 0
      ? scoresTable(
          `RMSE in percent by class of volume, ${what}`,
          methods,
          classes.map(({ from, to, count }, k) => ({
            head: `${to === Number.POSITIVE_INFINITY ? `from ${numberText(from)}` : `${numberText(from)} to ${numberText(to)}`} (${numberText(count)})`,
            of: (m) => m.rmsePercentByVolume[k]?.score ?? { mean: Number.NaN, standardError: Number.NaN },
            loss: (v) => v,
          })),
        )
      : undefined
  }`;
}

function capital(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}`;
}

/** Whether the first is ahead of the second by more than a standard error, where one is known. */
function isClear([{ skill }, second]: readonly MethodScores[]): boolean {
  return second === undefined || Number.isNaN(skill.standardError) || skill.mean - skill.standardError > second.skill.mean;
}

function scoresTable(caption: string, methods: readonly MethodScores[], of: typeof columns): Html {
  const best = of.map(({ of, loss }) => {
    const losses = methods.map((m) => loss(of(m).mean)).filter((v) => !Number.isNaN(v));
    // The only one is no winner.
    return losses.length > 1 ? Math.min(...losses) : undefined;
  });
  return table({
    caption,
    head: ['Method', 'Knows', ...of.map(({ head }) => head)],
    words: [1],
    rows: methods.map((m) => ({
      ours: m.ours,
      cells: [
        html`${m.method}${m.ours ? html` <span class="badge">ours</span>` : undefined}`,
        m.knows.join(', ') || 'trips alone',
        ...of.map((column, k) => scoreCell(column.of(m), column.loss(column.of(m).mean) === best[k], column.write)),
      ],
    })),
  });
}

function scoreCell({ mean, standardError }: Score, best: boolean, write: (value: number) => string = numberText): Html {
  if (Number.isNaN(mean)) return html`–`;
  const value = best ? html`<span class="best">${write(mean)}<span class="sr"> (best)</span></span>` : html`${write(mean)}`;
  return Number.isNaN(standardError)
    ? value
    : html`${value} <span class="pm">± ${write(Number(standardError.toPrecision(2)))}</span>`;
}

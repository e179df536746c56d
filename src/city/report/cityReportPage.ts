import type { CityReport } from '../cityReport.ts';
import { cityReportCharts } from './cityReportCharts.ts';
import { closingSections } from './closingSections.ts';
import { dataSections } from './dataSections.ts';
import { figure } from './figure.ts';
import { Html, html } from './html.ts';
import { learningSections } from './learningSections.ts';
import { mathematicsSections } from './mathematicsSections.ts';
import { mindMap } from './mindMap.ts';
import { predictionSections } from './predictionSections.ts';
import { preparedSections } from './preparedSections.ts';
import { script, scriptHash } from './script.ts';
import { type FigureOf, sectionHtml } from './section.ts';
import { spikingSections } from './spikingSections.ts';
import { style } from './style.ts';
import { summary } from './summary.ts';

/** Nothing from elsewhere, and of scripts only the page's own. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}'; img-src data:; base-uri 'none'; form-action 'none'`;

/**
 * The report as one HTML page that needs nothing else: no network, no script but its own (allowed by its hash), light and dark, charts as SVG with
 * a text alternative and their data. Everything that comes from the city is escaped.
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * writeFileSync('city-report/index.html', cityReportPage(report));
 */
export function cityReportPage(report: CityReport): string {
  const charts = new Map(cityReportCharts(report).map((chart) => [chart.id, chart]));
  const figureOf: FigureOf = (id, wide = false) => figure(charts.get(id), { wide });
  // In the order of the pipeline; the mind map groups them by colour.
  const sections = [
    ...dataSections(report, figureOf),
    ...preparedSections(report, figureOf),
    ...learningSections(report, figureOf),
    ...mathematicsSections(report, figureOf),
    ...predictionSections(report, figureOf),
    ...spikingSections(report, figureOf),
    ...closingSections(report),
  ];
  const name = report.city.name ?? 'A city';
  const more = sections.filter(({ branch }) => branch === 'grey');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="spinifex">
<link rel="icon" href="data:,">
<title>${name}: city report</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<header><div><p class="place">City report</p><h1>${name}</h1>
<p class="lead">What is known of its roads and routes, what was predicted, and how few connections are enough.</p></div>
<button id="scheme" type="button" hidden>Dark colours</button></header>
<main id="main">
<h2 class="sr">Summary</h2>
${summary(report)}<h2 class="sr">Mind map</h2>
${mindMap(sections, `${name}: L1, factorisation and spikes`)}<p class="soft">Also here: ${more.map(
    ({ id, title }, k) => html`${k > 0 ? ' · ' : ''}<a href="#${id}">${title}</a>`,
  )}</p>
${sections.map(sectionHtml)}</main>
<footer><p>Made by spinifex, from data alone: this page asks the network for nothing.</p></footer>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}

import type { CityReport, CityStage } from '../cityReport.ts';
import { type Html, html } from './html.ts';

/** The colours of the guide's mind map. */
export type Branch = 'blue' | 'brown' | 'orange' | 'green' | 'purple' | 'red' | 'grey';

/** The figure of a chart by its id; undefined where the city has none. */
export type FigureOf = (id: string, wide?: boolean) => Html | undefined;

/** A part of the page, and a node of its mind map. */
export interface Section {
  id: string;
  branch: Branch;
  title: string;
  /** Where in the guide: `'equations 7 to 15'`. */
  place: string;
  /** The formula on the mind map, in few characters. */
  formula: string;
  body: Html;
}

export function sectionHtml({ id, branch, title, place, body }: Section): Html {
  return html`<section id="${id}" class="${branch}" aria-labelledby="${id}-h"><p class="place">${place}</p><h2 id="${id}-h">${title}</h2>
${body}</section>\n`;
}

/** An equation with a word on every letter. */
export function equation(formula: Html, words: string): Html {
  return html`<div class="equation"><p class="formula">${formula}</p><p>${words}</p></div>\n`;
}

export function paragraph(...lines: (Html | string)[]): Html {
  return html`<p>${lines.map((line) => html`${line} `)}</p>\n`;
}

export function figures(...items: (Html | undefined)[]): Html {
  const present = items.filter((item) => item !== undefined);
  return present.length > 0 ? html`<div class="figures">${present}</div>\n` : html``;
}

/** Words and the picture that shows them, side by side where there is room. */
export function beside(words: Html, picture: Html): Html {
  return html`<div class="beside"><div>${words}</div>${picture}</div>\n`;
}

/** What stands where a stage has nothing to show: the reason, never a blank. */
export function absent(report: CityReport, stage: CityStage): Html {
  const reason = report.skipped.find((skipped) => skipped.stage === stage)?.reason ?? 'This stage was not run for this city.';
  return html`<p class="absent"><strong>Not for this city.</strong> ${reason}</p>\n`;
}

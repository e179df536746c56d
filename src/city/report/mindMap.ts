import { type Html, html } from './html.ts';
import type { Branch, Section } from './section.ts';

/** The branches of the guide's mind map, in the colours of its appendix. */
const branches: readonly { branch: Branch; title: string }[] = [
  { branch: 'blue', title: 'Known data' },
  { branch: 'brown', title: 'Preprocessing' },
  { branch: 'orange', title: 'Learning' },
  { branch: 'green', title: 'Unknown routes and predictions' },
  { branch: 'purple', title: 'Mathematical concepts' },
  { branch: 'red', title: 'Spiking network' },
];

/** The guide's mind map as the table of contents: dashed boxes group what belongs together, arrows follow the information, a formula on each node. */
export function mindMap(sections: readonly Section[], root: string): Html {
  return html`<nav class="map" aria-label="Contents as a mind map"><p class="root">${root}</p><div class="stem"></div>
<ul class="branches">${branches.map(
    ({ branch, title }) =>
      html`<li class="${branch}"><div class="group"><h3>${title}</h3><ol>${sections
        .filter((section) => section.branch === branch)
        .map(
          ({ id, title, formula }) => html`<li><a class="node" href="#${id}">${title}<i>${formula}</i></a></li>`,
        )}</ol></div></li>\n`,
  )}</ul></nav>\n`;
}

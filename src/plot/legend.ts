import { escapeText } from './svgText.ts';

/** A line of a legend: a sample and what it stands for. */
export interface LegendItem {
  label: string;
  kind: 'line' | 'dashed' | 'dot' | 'ring' | 'diamond' | 'square' | 'cross';
  colour: string;
  opacity?: number;
  dash?: string;
}

const ROW = 20;

/** Items in rows that fit into `width`, as SVG text, and how high they are. */
export function legendText(items: readonly LegendItem[], width: number, fontSize: number): { svg: string; height: number } {
  if (items.length === 0) return { svg: '', height: 0 };
  let [x, y] = [0, 0];
  const parts = items.map((item) => {
    const room = 24 + textWidth(item.label, fontSize) + 14;
    if (x > 0 && x + room - 14 > width) [x, y] = [0, y + ROW];
    const part = `<g transform="translate(${Math.round(x)},${y + ROW / 2})">${sample(item)}<text dy="0.32em" x="24">${escapeText(item.label)}</text></g>`;
    x += room;
    return part;
  });
  return { svg: `<g font-size="${fontSize}" text-anchor="start">${parts.join('')}</g>`, height: y + ROW + 8 };
}

/** Roughly how wide a text is in a sans-serif font. */
export function textWidth(text: string, fontSize: number): number {
  return 0.62 * fontSize * [...text].length;
}

function sample({ kind, colour, opacity = 1, dash }: LegendItem): string {
  const fill = `fill="${colour}" fill-opacity="${opacity}"`;
  const stroke = `stroke="${colour}" stroke-opacity="${opacity}" stroke-width="2" fill="none"`;
  switch (kind) {
    case 'line':
    case 'dashed':
      return `<path d="M0,0H18" ${stroke}${dash || kind === 'dashed' ? ` stroke-dasharray="${dash ?? '4 3'}"` : ''}/>`;
    case 'dot':
      return `<circle cx="9" r="5" ${fill}/>`;
    case 'ring':
      return `<circle cx="9" r="4.5" ${stroke}/>`;
    case 'diamond':
      return `<path d="M9,-6L15,0L9,6L3,0Z" ${fill}/>`;
    case 'cross':
      return `<path d="M4,-5L14,5M4,5L14,-5" ${stroke}/>`;
    case 'square':
      return `<rect x="2" y="-6" width="14" height="12" ${fill} stroke="${colour}"/>`;
  }
}

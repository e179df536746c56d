/** Text for SVG and HTML: the five characters of markup as entities, characters that XML forbids left out. */
export function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are not allowed in XML
  const legal = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return legal.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const GEOMETRY = new Set('cx cy d dx dy height points r rx ry transform width x x1 x2 y y1 y2'.split(' '));

/** Nobody sees less than 1/100 of a pixel, and engines may differ in the last digit of a logarithm. */
export function roundNumbers(text: string): string {
  return text.replace(/-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+/g, (number) => {
    const short = (Math.round(100 * Number(number)) / 100).toString();
    return short === '-0' ? '0' : short;
  });
}

/**
 * An element and all within it as SVG text: attributes in alphabetical order and coordinates rounded to 1/100, so that every engine's
 * document gives the same text; `offset` is how far the library has moved groups on this screen, and is taken back. Classes, inline styles and style sheets are left out: a drawing in a page must not restyle the page.
 */
export function svgText(node: Node, offset = 0): string {
  if (node.nodeType === 3) return escapeText(node.textContent ?? '');
  if (node.nodeType !== 1) return '';
  const element = node as Element;
  const name = element.localName;
  if (name === 'style') return '';
  const inside = Array.from(element.childNodes, (child) => svgText(child, offset)).join('');
  // Plot keeps empty labels for ticks without text.
  if (inside === '' && (name === 'text' || name === 'g')) return '';
  const attributes = Array.from(element.attributes, ({ name, value }) => ({
    name,
    value: name === 'transform' && element.localName === 'g' ? shifted(value, -offset) : value,
  }))
    .filter(
      ({ name, value }) =>
        value !== UNMOVED && name !== 'class' && name !== 'style' && name !== 'aria-label' && name !== 'aria-hidden',
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escapeText(GEOMETRY.has(name) ? roundNumbers(value) : value)}"`)
    .join('');
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

const UNMOVED = 'translate(0,0)';

/** Components that are 0 were not moved: rules and ticks are shifted across, never along. */
function shifted(transform: string, by: number): string {
  const back = (component: string) => (Number(component) === 0 ? 0 : Number(component) + by);
  return transform.replace(/^translate\((.+),(.+)\)$/, (_, x, y) => `translate(${back(x)},${back(y)})`);
}

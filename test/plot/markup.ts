/** An element of well-formed markup. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

/** A small strict reader of XML, without a browser: throws where tags do not close, attributes repeat or a bare `<` or `&` stands in text. */
export function readXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  let at = 0;
  for (const tag of text.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    addText(open, text.slice(at, tag.index));
    at = tag.index + tag[0].length;
    const [, close, name, attributes, empty] = tag;
    if (close) {
      const ended = open.pop()!;
      if (ended.name !== name) throw new Error(`</${name}> closes <${ended.name}>`);
      continue;
    }
    const element: Element = { name, attributes: {}, children: [] };
    for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (key in element.attributes) throw new Error(`<${name}> has ${key} twice`);
      element.attributes[key] = plain(value);
    }
    open[open.length - 1].children.push(element);
    if (!empty) open.push(element);
  }
  addText(open, text.slice(at));
  if (open.length !== 1) throw new Error(`<${open[open.length - 1].name}> is not closed`);
  if (root.children.length !== 1 || typeof root.children[0] === 'string') throw new Error('expected one element');
  return root.children[0];
}

export function all(element: Element, name?: string): Element[] {
  const inside = element.children.flatMap((child) => (typeof child === 'string' ? [] : all(child, name)));
  return name === undefined || element.name === name ? [element, ...inside] : inside;
}

export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

function addText(open: Element[], text: string): void {
  if (text === '') return;
  if (/[<>]/.test(text)) throw new Error(`markup in text: ${text.slice(0, 60)}`);
  open[open.length - 1].children.push(plain(text));
}

function plain(text: string): string {
  return text.replace(/&(\w+|#\d+)?;?/g, (entity, name) => {
    const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    if (!entity.endsWith(';') || !(name in known)) throw new Error(`entity ${entity}`);
    return known[name];
  });
}

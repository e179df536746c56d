import { escapeText } from '../../plot/index.ts';

/** Text that is markup already. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = string | number | Html | undefined | readonly Html[];

/** A template whose values are escaped, unless they are `Html`; lists are joined, `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(strings.reduce((text, string, k) => text + contentText(values[k - 1]) + string));
}

function contentText(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeText(String(value));
}

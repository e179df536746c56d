import { textWidth } from './legend.ts';

/** A name cut to `most` characters, so that it fits into a margin: in the middle, for names often differ at their end. */
export function shorten(name: string, most = 14): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const end = Math.floor((most - 1) / 3);
  return `${characters.slice(0, most - 1 - end).join('')}…${end > 0 ? characters.slice(-end).join('') : ''}`;
}

/** Names as they fit into a margin of at most `most` pixels, and the margin that they need. */
export function namesInMargin(names: readonly string[], fontSize: number, most: number): { names: string[]; margin: number } {
  const characters = Math.floor((most - 14) / textWidth('m', fontSize));
  const short = names.map((name) => shorten(name, characters));
  return { names: short, margin: Math.ceil(14 + short.reduce((widest, name) => Math.max(widest, textWidth(name, fontSize)), 0)) };
}

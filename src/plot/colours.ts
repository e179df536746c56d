/**
 * Colours as CSS variables, so that a page can give each scheme its own. The fallbacks have a contrast of at least 3:1 on white and on
 * near-black, so that a drawing on its own can be read on both; text is `currentColor`.
 * @module
 */

/** Roles of the guide's mind map: blue known, brown prepared, orange learnt, green predicted, purple mathematics, red spiking. */
export const colours = {
  blue: 'var(--spinifex-blue, #3a82c4)',
  orange: 'var(--spinifex-orange, #c8700f)',
  green: 'var(--spinifex-green, #1b8f68)',
  purple: 'var(--spinifex-purple, #9a6bc0)',
  red: 'var(--spinifex-red, #d64f45)',
  teal: 'var(--spinifex-teal, #1b8ea0)',
  brown: 'var(--spinifex-brown, #9c7145)',
  grey: 'var(--spinifex-grey, #7c828a)',
} as const;

export type Colour = keyof typeof colours;

/** From little to much. */
export const ramp = [
  'var(--spinifex-ramp-1, #3a82c4)',
  'var(--spinifex-ramp-2, #6f7cc8)',
  'var(--spinifex-ramp-3, #9a6bc0)',
  'var(--spinifex-ramp-4, #c25a96)',
  'var(--spinifex-ramp-5, #d64f45)',
] as const;

/** What lies behind a drawing, for halos of labels. */
export const surface = 'var(--spinifex-surface, Canvas)';

/** Lines of axes and grids. */
export const faint = 'var(--spinifex-grid, #7c828a55)';

/** Eight colours, then the same dashed: series stay apart without colour vision, too. */
export function seriesStyle(k: number): { stroke: string; strokeDasharray: string } {
  const names = Object.values(colours);
  return { stroke: names[k % names.length], strokeDasharray: ['none', '6 3', '2 2.5', '8 3 2 3'][(k >> 1) % 4] };
}

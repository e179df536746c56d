/** A picture that can also be read: the drawing, its alternative in words and the numbers behind it. */
export interface Chart {
  /** Stable name in one word, for anchors and file names: `'lasso-path'`. */
  readonly id: string;
  readonly title: string;
  /** A complete `<svg>` element: role "img", labelled by its title and description, colours from CSS variables with fallbacks, no script. */
  readonly svg: string;
  /** The text alternative: what the picture shows, with its main numbers. */
  readonly description: string;
  /** What is drawn, as a table: one array per row of `columns`. */
  readonly data: { readonly columns: readonly string[]; readonly rows: readonly (readonly (number | string)[])[] };
}

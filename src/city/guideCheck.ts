/** One equation or table of the guide: its own numbers, ours, and why they differ where they do. */
export interface GuideCheck {
  /** Where: `'equation 24'`, `'Table 2'`. */
  place: string;
  title: string;
  guide: string;
  computed: string;
  agrees: boolean;
  /** Why the guide's arithmetic does not follow; empty where it does. */
  why: string;
}

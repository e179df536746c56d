/**
 * A path in words and for machines, whatever its loss.
 * @module
 */
import type { LinearPath, PathPoint } from '../linear/index.ts';
import { short, textTable } from './textTable.ts';

/** What of a path is shown. */
export type Path = Pick<LinearPath, 'lambdas' | 'intercepts' | 'coefs' | 'points'>;

/** Lines of the printed table by default. */
export const PATH_ROWS = 20;

/** Lambdas from large to small, what each explains and which columns come in, and the proof. */
export function pathText(path: Path, names: readonly string[], most: number, bold: (text: string) => string): string {
  const last = path.points.length - 1;
  const shown =
    last < most ? [...path.points.keys()] : Array.from({ length: most }, (_, k) => Math.round((k * last) / (most - 1)));
  const rows = shown.map((k, at) => {
    const { lambda, df, devianceRatio } = path.points[k];
    return [
      short(lambda, 4),
      String(df),
      `${(100 * devianceRatio).toFixed(1)} %`,
      changes(path, at === 0 ? -1 : shown[at - 1], k, names),
    ];
  });
  const [header, ...lines] = textTable(
    [['lambda', 'columns', 'explained', 'in (+) and out (-) since the line above'], ...rows],
    0,
    3,
  ).split('\n');
  return [bold(header), ...lines, '', proof(path.points)].join('\n');
}

/** The points of a path with their coefficients by name. */
export function pathPoints(path: Path, names: readonly string[]): object[] {
  return path.points.map((point, k) => ({
    ...point,
    intercept: path.intercepts[k],
    coefficients: column(path, k, names),
  }));
}

/** Which columns came in or went out between two points of the path. */
function changes(path: Path, before: number, now: number, names: readonly string[]): string {
  const [old, current] = [support(path, before), support(path, now)];
  const words = [
    ...[...current].filter((j) => !old.has(j)).map((j) => `+${names[j]}`),
    ...[...old].filter((j) => !current.has(j)).map((j) => `-${names[j]}`),
  ];
  return words.length <= 6 ? words.join(' ') : `${words.slice(0, 5).join(' ')} and ${words.length - 5} more`;
}

function support({ coefs: { indptr, indices } }: Path, k: number): Set<number> {
  return k < 0 ? new Set() : new Set(indices.subarray(indptr[k], indptr[k + 1]));
}

function column({ coefs: { indptr, indices, data } }: Path, k: number, names: readonly string[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (let e = indptr[k]; e < indptr[k + 1]; e++) out[names[indices[e]]] = data[e];
  return out;
}

function proof(points: readonly PathPoint[]): string {
  const open = points.filter(({ certificate }) => !certificate.converged).length;
  const local = points.some(({ certificate }) => certificate.status === 'local');
  const worst = Math.max(0, ...points.map(({ certificate: { gap, kkt } }) => (local ? kkt : gap)));
  const good = local ? 'are local minima (the penalty is not convex)' : 'are certified';
  const all = open === 0 ? `All ${points.length} fits ${good}` : `${open} of ${points.length} fits did NOT converge`;
  return `${all}: the largest ${local ? 'violation of the optimality conditions, over lambda,' : 'relative duality gap'} is ${short(worst, 2)}.`;
}

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Files of the folder that are no examples of their own. */
const helpers = ['random.mjs'];

/** What each example must print: words, and numbers that must be near or on one side of a value. */
const expected: Record<string, (printed: string) => void> = {
  'city.mjs': (printed) => expect(printed.match(/certified/g)).toHaveLength(2),
  'guide.mjs': (printed) => {
    expect(printed.match(/equation \d+/g)!.length).toBeGreaterThanOrEqual(45);
    expect(printed).toMatch(/\d+ of \d+ agree\n$/);
  },
  'unknown-routes.mjs': (printed) => {
    expect(printed.match(/ {2}from .*: \d+ \(\d+ to \d+, feature\); in truth \d+/g)).toHaveLength(3);
    const skill = numbers(printed, /gravity x factorisation +(-?[\d.]+)/g)[0];
    expect(skill).toBeGreaterThan(0);
  },
  'factorization.mjs': (printed) => {
    expect(printed).toContain('F -> D 0.83   F -> E 0.36');
    const routes = Object.fromEntries(
      [...printed.matchAll(/([FGH] -> [DE]) (\d\.\d\d) \+- \d\.\d\d \(feature\)/g)].map((m) => [m[1], +m[2]]),
    );
    expect(Object.keys(routes)).toHaveLength(6);
    // As the guide reads its factors: D is fast and good for F, E is cheap and good for H.
    expect(routes['F -> D']).toBeGreaterThan(routes['F -> E']);
    expect(routes['H -> E']).toBeGreaterThan(routes['H -> D']);
    expect(printed).toContain('cannot be told apart: true (basis: prior)');
  },
  'eigenvectors.mjs': (printed) => {
    const [first, second] = numbers(printed, /explains ([\d.]+) %/g);
    expect(first + second).toBeCloseTo(100, 1);
    expect(numbers(printed, /explain ([\d.]+) %/g)[0]).toBeLessThan(first);
    expect(printed).toContain('holds to 1e-12: true');
  },
  'pagerank.mjs': (printed) => {
    expect(printed).toMatch(/places by rank: {2}D /);
    expect(printed).toContain('sum of scores:   1.000000  proved error below 1e-10: true');
    expect(printed).toContain('12 of 64 possible');
    expect(printed).toMatch(/around C: +C E/);
  },
  'spiking.mjs': (printed) => {
    expect(printed).toContain('A 1.0, B 0.3, C 0.2: u_D 0.95  u_E 0.12  fires: D\n');
    expect(printed.match(/fires: .*/g)).toEqual(['fires: D', 'fires: nobody', 'fires: D', 'fires: D E']);
  },
  'l1-and-spikes.mjs': (printed) => {
    const [dense, , sparse] = numbers(printed, /([\d.]+) % +\d+ of 240/g);
    expect(sparse).toBeGreaterThan(dense - 2);
    expect(numbers(printed, /(\d+) of 240/g)[2]).toBeLessThan(80);
    // Equation 5: 0.5 traffic, 0.3 distance, 0.2 cost; nothing of the noise.
    const shares = numbers(printed, /(?:traffic|distance|cost|noise) (\d\.\d\d)/g);
    expect(shares).toHaveLength(8);
    [0.5, 0.3, 0.2, 0, 0, 0, 0, 0].forEach((share, i) => {
      expect(Math.abs(shares[i] - share)).toBeLessThanOrEqual(0.05);
    });
  },
  'sparse-or-dense.mjs': (printed) => {
    expect(printed).toContain('equation 45 stores 6 of 15 entries; X (1 2 3 4 5)’ = 3 5 4');
    expect(printed).toContain('words 3, 7  largest difference of the two below 1e-9: true');
    expect(printed).toContain('400 of 400 entries are not 0');
    expect(printed).toContain('2 of 400 are not 0');
  },
  'when-to-use-l1.mjs': (printed) => {
    const [[few1, few2], [all1, all2]] = [0, 2].map((at) => numbers(printed, /explains (\d+) %/g).slice(at, at + 2));
    expect(few1).toBeGreaterThan(few2 + 30);
    expect(all2).toBeGreaterThanOrEqual(all1);
  },
  'robot.mjs': (printed) => {
    expect(printed).toMatch(/memorised: .*把 1.00.*L1 norm 5, says of 抱: other/);
    expect(printed).toMatch(/smallest L1: 扌 1.00 {2}L1 norm 1, says of 抱: hand/);
    expect(printed).toContain('as small: true');
    expect(printed).toMatch(/lasso: +扌 0\.\d\d\n/);
  },
  'kingdom.mjs': (printed) => {
    const rows = [...printed.matchAll(/^ +[\d.]+ +(\d+) +([\d.]+) % +([\d.]+) %$/gm)].map((m) => [+m[1], +m[2], +m[3]]);
    expect(rows).toHaveLength(7);
    expect(rows[0][0] / rows[5][0]).toBeGreaterThan(10);
    expect(rows[5][2] / rows[0][2]).toBeGreaterThan(10);
    expect(printed).toContain('the five who know: 0 1 2 3 4');
  },
  'line-through-a-point.mjs': (printed) => {
    expect(printed).toContain('a = 0.500, b = 0.000  |a| + |b| = 0.500  the only one');
    expect(printed).toContain('|a| + |b| = 1000  not the only one');
    expect(printed.match(/c = .*touches/g)?.[0]).toContain('c = 0.5:');
  },
  'lp-shapes.mjs': (printed) => {
    // Closest points of a + 2 b = 2: p = 2 is (2, 4)/5; for p <= 1 a corner.
    expect(printed).toContain('p = 2:    touches at [0.400, 0.800]\n');
    expect(printed.match(/^p = .*sparse$/gm)).toHaveLength(3);
    expect(printed).toContain('basis pursuit:    [0.000, 1.000]');
    expect(printed).toContain('ridge, lambda 0+: [0.400, 0.800]');
    expect(printed).toContain('1.414, 1.707, 1.000');
  },
  'reweighted-l1.mjs': (printed) => {
    const solved = numbers(printed, /(\d+) of 20 solved/g);
    expect(solved[4]).toBeGreaterThanOrEqual(solved[0] + 4);
    expect(numbers(printed, /(\d+) unknowns/g)).toEqual([24, 8, 8, 8, 8]);
  },
  'dropout.mjs': (printed) => {
    const unseen = numbers(printed, /new data ([\d.]+) %/g);
    expect(unseen[1]).toBeGreaterThan(unseen[0]);
    expect(unseen[2]).toBeGreaterThan(unseen[0] + 5);
    expect(numbers(printed, /left ([\d.]+) %/g)[2]).toBeLessThan(10);
  },
  'grow-and-prune.mjs': (printed) => {
    expect(numbers(printed, /: +([\d.]+) % /g).every((accuracy) => accuracy > 90)).toBe(true);
    const counts = [...printed.matchAll(/(\d+) of 420 connections {2}\(on the way: ([\d ]+)\)/g)].map(
      (m) => [+m[1], m[2].split(' ').map(Number)] as const,
    );
    expect(counts.map(([end]) => end).slice(0, 4)).toEqual([420, 420, 42, 42]);
    expect(counts[1][1][0]).toBe(28);
    expect(counts[4][0]).toBeLessThan(120);
  },
  'soft-threshold.mjs': (printed) => {
    const rows = [...printed.matchAll(/^ +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+) /gm)].map((m) => m.slice(1, 4).map(Number));
    expect(rows).toHaveLength(9);
    for (const [z, grid, formula] of rows) {
      expect(formula).toBeCloseTo(Math.sign(z) * Math.max(Math.abs(z) - 0.5, 0), 3);
      expect(grid).toBeCloseTo(formula, 3);
    }
    expect(printed).toContain('y = 2: 1.500');
  },
  'solvers.mjs': (printed) => {
    expect(printed.match(/ converged$/gm)).toHaveLength(6);
    expect(printed.match(/ 12 {2}converged$/gm)).toHaveLength(6);
    // The subgradient method comes near and leaves no weight at 0.
    expect(printed).toMatch(/subgradient descent.* 0 {2}maxEpochs/);
    const after100 = [...printed.matchAll(/^[a-zA-Z].*? {2,}(?:\S+ +){4}(\de[+-]\d+) /gm)].map((m) => Number(m[1]));
    expect(after100).toHaveLength(7);
    expect(after100.slice(1).every((distance) => distance < 1e-9)).toBe(true);
    expect(after100[0]).toBeLessThan(0.1);
  },
  'bias-variance.mjs': (printed) => {
    const rows = [...printed.matchAll(/^ +[\d.]+ +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)$/gm)].map((m) => m.slice(1).map(Number));
    expect(rows).toHaveLength(9);
    for (let k = 1; k < rows.length; k++) {
      expect(rows[k][0]).toBeLessThan(rows[k - 1][0]);
      expect(rows[k][2]).toBeGreaterThan(rows[k - 1][2]);
    }
    const total = rows.map((row) => row[3]);
    const best = total.indexOf(Math.min(...total));
    expect(best).toBeGreaterThan(0);
    expect(best).toBeLessThan(8);
  },
  'choose-lambda.mjs': (printed) => {
    const [min, oneSe] = numbers(printed, /lambda ([\d.]+)/g);
    expect(oneSe).toBeGreaterThan(min);
    expect(printed).toContain('features: 7 42 99\n');
    expect(numbers(printed, /explains ([\d.]+) %/g).every((share) => share > 95)).toBe(true);
  },
  'standardise.mjs': (printed) => {
    const effects = numbers(printed, /effects [\d.]+, ([\d.]+)/g);
    expect(effects.slice(0, 3)[2]).toBe(0);
    expect(new Set(effects.slice(3)).size).toBe(1);
  },
  'correlated.mjs': (printed) => {
    const [l1, l2, both] = numbers(printed, /moves by ([\d.]+)/g);
    expect(l1).toBeGreaterThan(5 * l2);
    expect(l1).toBeGreaterThan(5 * both);
    const net = printed.slice(printed.indexOf('elastic net'));
    expect(net.match(/ 0\.00 {2}0\.00$/gm)!.length).toBeGreaterThanOrEqual(4);
  },
  'two-features.mjs': (printed) => {
    // Columns are orthogonal: theta_j = S(c_j, lambda) / d_j with c = (0.1, 2.4), d = (1, 4).
    expect(printed).toContain('least squares: 0.10, 0.60');
    expect(printed).toContain('lambda 0.40:   0.00, 0.50  features in use: 1');
    expect(printed).toContain('from lambda 2.40 on');
  },
  'text.mjs': (printed) => {
    expect(printed.match(/^ +\d\.\d\d {2}(wonderful|excellent|moving)$/gm)).toHaveLength(3);
    expect(printed.match(/^ +-\d\.\d\d {2}(boring|awful|waste)$/gm)).toHaveLength(3);
    const [right, bayes] = numbers(printed, /(?:right by the words above|on all words) (\d+)/g);
    expect(right).toBeGreaterThan(160);
    expect(bayes).toBeLessThan(right);
  },
  'phase-transition.mjs': (printed) => {
    const [l1, greedy] = numbers(printed, /(\d+) %/g);
    expect(l1).toBeGreaterThan(greedy);
    expect(printed).toContain('0.19 0.24 0.29 0.34 0.39 0.44 0.50 0.57 0.68');
    expect(printed.match(/k\/m = 0\.1 .*#$/gm)).toHaveLength(2);
    expect(printed.match(/k\/m = 0\.8 [ .]+[^ ]$/gm)).toHaveLength(2);
  },
  'nonconvex.mjs': (printed) => {
    expect(printed).toContain('  lasso 0\n');
    const counts = numbers(printed, /(?:mcp|scad|l1\/2|l2\/3|logSum) (\d+)/g);
    expect(counts).toHaveLength(5);
    for (const count of counts) expect(count).toBeGreaterThan(5);
    expect(printed).toMatch(/l1: .* x10 \+ .* x20 \+ .* x30 \(converged/);
    expect(printed).toMatch(/mcp: 2\.0\d x10 \+ 2\.9\d x20 \(local, conditions hold within 1e-5/);
  },
  'inference.mjs': (printed) => {
    expect(printed).toMatch(/stable columns: 7 \(\d+ %\), 30 \(\d+ %\), 99 \(\d+ %\) /);
    expect(printed.match(/p < 0\.0001/g)).toHaveLength(3);
    expect(printed).toContain('extended BIC keeps 7 30 99\n');
    expect(printed).toContain('panels bought: panel 1, panel 5, panel 16\n');
  },
  'streaming.mjs': (printed) => {
    expect(printed).toContain('the same bits as without interruption: true');
    expect(printed).toContain('cancelled (enough) with 21 of 50 points');
    expect(printed).toContain('agree to 1e-4: true');
    expect(printed).toContain('100000 rows streamed; 200 of 2000 columns kept, 200 of the 200 that matter');
  },
  'clusters.mjs': (printed) => {
    expect(printed).toContain('components with the smallest BIC: 3');
    expect(printed.match(/cluster: .*/g)!.sort()).toEqual([
      'cluster: ball goal match team',
      'cluster: bread flour oven salt',
      'cluster: bridge flood river water',
    ]);
  },
  'genes.mjs': (printed) => {
    expect(printed).toMatch(/^ +[\d.]+ +5 +5$/m);
    expect(printed).toContain('per patient: true - unique: true');
  },
  'compressed-sensing.mjs': (printed) => {
    const counts = numbers(printed, /measurements: +(\d+)/g);
    expect(counts[0]).toBe(0);
    expect(counts[5]).toBeGreaterThanOrEqual(19);
    for (let k = 1; k < counts.length; k++) expect(counts[k]).toBeGreaterThanOrEqual(counts[k - 1]);
  },
};

const numbers = (text: string, pattern: RegExp): number[] => [...text.matchAll(pattern)].map((match) => Number(match[1]));

const files = readdirSync(`${root}examples`).filter((file) => file.endsWith('.mjs') && !helpers.includes(file));

test('every example has its expectations, and its line in examples/README.md', () => {
  expect(Object.keys(expected).sort()).toEqual(files.sort());
  const listed = [...readFileSync(`${root}examples/README.md`, 'utf8').matchAll(/^\| `(.*?)` +\|/gm)].map(([, file]) => file);
  expect(listed.sort()).toEqual(files);
});

test.each(files)('examples/%s prints what it should', async (file) => {
  const { stdout, stderr } = await run(process.execPath, [`examples/${file}`], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  expected[file](stdout);
});

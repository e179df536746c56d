/**
 * One side of a PageRank row: graphSide.mjs {wasm|js} FOLDER SET NODES {unit|weighted}, forked by graph.mjs. A process of its own, for the
 * reason given in side.mjs. Answers every message with the best time of some rankings; the first answer carries the scores.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsrMatrix, pageRank, setBackend } from '../dist/index.js';

const [, , side, folder, set, nodes, kind] = process.argv;
const RUNS = 4;

const array = (key, Kind) => {
  const bytes = readFileSync(join(folder, `${set}.${key}`));
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const [row, col] = [array('source', Int32Array), array('target', Int32Array)];
const value = kind === 'weighted' ? array('weight', Float64Array) : new Float64Array(row.length).fill(1);
const G = CsrMatrix.fromCoo(Number(nodes), Number(nodes), { row, col, value });

setBackend(side);
for (let k = 0; k < 3; k++) pageRank(G);
process.on('message', () => {
  let ms = Infinity;
  for (let k = 0; k < RUNS; k++) {
    const start = performance.now();
    pageRank(G);
    ms = Math.min(ms, performance.now() - start);
  }
  process.send({ ms });
});
process.send(pageRank(G));

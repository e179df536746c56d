/**
 * One side of one row: clusterSide.mjs {wasm|js} JOB DIR prints { ms, inertia, iterations, differ }, with the number of labels that are not the
 * peer's. Milliseconds of processor time. A process of its own: see spectralSide.mjs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , backend, job, data] = process.argv;
const { CsrMatrix, DenseMatrix, KMeans, setBackend } = await import(process.env.SPINIFEX ?? '../dist/index.js');
setBackend(backend);
const read = (name, Kind) => {
  const bytes = readFileSync(join(data, job, name));
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const { n, p, k, starts } = JSON.parse(readFileSync(join(data, job, 'shape.json'), 'utf8'));
let X;
let initialCentres;
if (existsSync(join(data, job, 'X.f8'))) {
  const values = read('X.f8', Float64Array);
  X = new DenseMatrix(values, n, p);
  initialCentres = starts.map((i) => values.subarray(i * p, (i + 1) * p));
} else {
  const [indptr, indices, values] = [
    read('indptr.i4', Int32Array),
    read('indices.i4', Int32Array),
    read('data.f8', Float64Array),
  ];
  X = new CsrMatrix({ rows: n, cols: p, indptr, indices, data: values });
  initialCentres = starts.map((i) => {
    const row = new Float64Array(p);
    for (let e = indptr[i]; e < indptr[i + 1]; e++) row[indices[e]] = values[e];
    return row;
  });
}
let ms = Infinity;
let model;
for (let round = 0; round < (backend === 'wasm' ? 3 : 1); round++) {
  const start = process.cpuUsage();
  model = new KMeans({ clusters: k, initialCentres, maxIterations: 1000 }).fit(X);
  const { user, system } = process.cpuUsage(start);
  ms = Math.min(ms, (user + system) / 1000);
}
const theirs = existsSync(join(data, job, 'sklearn.i4')) ? read('sklearn.i4', Int32Array) : undefined;
const differ = theirs && model.labels.filter((label, i) => label !== theirs[i]).length;
console.log(JSON.stringify({ ms, inertia: model.inertia, iterations: model.iterations, differ }));

// A path point by point: look, leave, go on, cancel, resume in another process. And learning from a stream that does not fit into memory.
import { CsrMatrix, FtrlClassifier, lassoPath } from 'spinifex';
import { normals, uniforms } from './random.mjs';

const normal = normals(8);
const X = Array.from({ length: 100 }, () => Array.from({ length: 400 }, normal));
const y = X.map((row) => 3 * row[5] - 2 * row[50] + row[300] + 0.5 * normal());

const stream = lassoPath.stream(X, y, { nLambdas: 50 });
for await (const { df, index } of stream) {
  if (df < 3) continue;
  console.log(`left at point ${index}, where three columns have come in; the solver waits`);
  break;
}
const controller = new AbortController();
try {
  for await (const { index } of stream.resume({ signal: controller.signal }))
    if (index === 20) controller.abort(new Error('enough'));
} catch (error) {
  console.log(`cancelled (${error.message}) with ${stream.done} of ${stream.total} points`);
}
const saved = JSON.stringify(stream.state());
for await (const _ of stream.resume());
const whole = lassoPath(X, y, { nLambdas: 50 });
const same = stream.path().coefs.data.every((b, k) => b === whole.coefs.data[k]);
console.log('gone on to the end; the same bits as without interruption:', same);

const elsewhere = lassoPath.stream(X, y, { nLambdas: 50, resume: saved });
console.log('from the saved state only', elsewhere.total - elsewhere.done, 'points are left');
for await (const _ of elsewhere);
const apart = Math.max(
  ...elsewhere
    .path()
    .coefs.toDense()
    .data.map((b, k) => Math.abs(b - whole.coefs.toDense().data[k])),
);
console.log('and its coefficients agree to 1e-4:', apart < 1e-4);
elsewhere.dispose();

// 200 chunks of 500 rows with 3 of 2000 columns each: only the model is in memory.
const uniform = uniforms(4);
async function* chunks() {
  for (let c = 0; c < 200; c++) {
    const columns = Array.from({ length: 1500 }, () => Math.floor(2000 * uniform()));
    const X = CsrMatrix.fromCoo(500, 2000, {
      row: columns.map((_, k) => Math.floor(k / 3)),
      col: columns,
      value: columns.map(() => 1),
    });
    yield {
      X,
      y: Array.from({ length: 500 }, (_, i) => (columns.slice(3 * i, 3 * i + 3).some((j) => j < 200) ? 'early' : 'late')),
    };
  }
}

const learner = new FtrlClassifier({ alpha: 1, lambda: 2e-4, features: 2000, classes: ['late', 'early'] });
await learner.fitStream(chunks());
const { support } = learner.model();
const found = support.filter((j) => j < 200).length;
console.log(`${learner.rows} rows streamed; ${support.length} of 2000 columns kept, ${found} of the 200 that matter`);
console.log(`right about ${(100 * learner.progressiveAccuracy).toFixed(0)} % of the rows before it learnt from them`);

import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { type LinearPath, lassoPath, type PathOptions, upload } from '../../src/index.ts';
import type { LassoStream, StreamPoint } from '../../src/linear/stream/lassoStream.ts';
import { Dice, linearData } from '../linear/problems.ts';

const { rows, y } = linearData(new Dice(41), 40, 70, { nonzeros: 8 });
const options: PathOptions = { nLambdas: 30, standardize: true };
const whole = lassoPath(rows, y, options);

function expectSameBits(path: LinearPath, expected = whole): void {
  expect(path.lambdas).toEqual(expected.lambdas);
  expect(path.intercepts).toEqual(expected.intercepts);
  expect(path.coefs).toEqual(expected.coefs);
  expect(path.points).toEqual(expected.points);
}

/** The next points of a stream, at most `most`. */
async function take(stream: AsyncIterable<StreamPoint>, most = Infinity): Promise<StreamPoint[]> {
  const points: StreamPoint[] = [];
  for await (const point of stream) if (points.push(point) >= most) break;
  return points;
}

describe('a streamed path', () => {
  test('is the path, to the same bits, point by point', async () => {
    const stream = lassoPath.stream(rows, y, options);
    expect([stream.done, stream.total, stream.lambdas]).toEqual([0, 30, whole.lambdas]);
    const points = await take(stream);
    expect(points.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, k) => k));
    for (const { lambda, model, certificate, df, devianceRatio, index, total } of points) {
      expect({ lambda, certificate, df, devianceRatio }).toEqual(whole.points[index]);
      expect(model).toEqual(whole.at(lambda));
      expect(total).toBe(30);
    }
    expectSameBits(stream.path());
  });

  test('goes on after break where it stopped, to the same bits, however often', async () => {
    const stream = lassoPath.stream(rows, y, options);
    const indices: number[] = [];
    for (const most of [1, 7, 1, 12, Infinity]) {
      indices.push(...(await take(stream, most)).map(({ index }) => index));
      expect(stream.done).toBe(indices.length);
      expect(stream.path().points).toEqual(whole.points.slice(0, indices.length));
    }
    expect(indices).toEqual(Array.from({ length: 30 }, (_, k) => k));
    expectSameBits(stream.path());
    expect(await take(stream)).toEqual([]);
  });

  test('goes on after an exception in the loop', async () => {
    const stream = lassoPath.stream(rows, y, options);
    const loop = async () => {
      for await (const { index } of stream) if (index === 4) throw new Error('from the loop');
    };
    await expect(loop()).rejects.toThrow('from the loop');
    expect((await take(stream))[0].index).toBe(5);
    expectSameBits(stream.path());
  });

  test('throws the reason of an aborted signal and goes on under another, to the same bits', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = lassoPath.stream(rows, y, { ...options, signal: controller.signal });
    const seen: number[] = [];
    const loop = async () => {
      for await (const { index } of stream) if (seen.push(index) === 6) controller.abort(reason);
    };
    await expect(loop()).rejects.toBe(reason);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(take(stream)).rejects.toBe(reason);
    expect((await take(stream.resume({ signal: new AbortController().signal })))[0].index).toBe(6);
    expectSameBits(stream.path());
    expect(() => lassoPath.stream(rows, y, { signal: AbortSignal.abort(reason) })).toThrow(reason);
  });

  test('can be aborted by an event between two points', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('by a timer')), 0);
    const many = Float64Array.from({ length: 100_000 }, (_, k) => 1 / (k + 1));
    const stream = lassoPath.stream(rows, y, { lambdas: many, signal: controller.signal });
    await expect(take(stream)).rejects.toThrow('by a timer');
    expect(stream.done).toBeLessThan(many.length);
    stream.dispose();
  });

  test('goes on in another process from its state, each point within its own certificate', async () => {
    for (const stop of [1, 15, 29, 30]) {
      const stream = lassoPath.stream(rows, y, { ...options, tol: 1e-9 });
      await take(stream, stop);
      const state = JSON.parse(JSON.stringify(stream.state()));
      const before = stream.path();
      stream.dispose();
      const other = lassoPath.stream(rows, y, { ...options, tol: 1e-9, resume: JSON.stringify(state) });
      expect(other.done).toBe(stop);
      expectSameBits(other.path(), before);
      expect(await take(other)).toHaveLength(30 - stop);
      const path = other.path();
      const reference = lassoPath(rows, y, { ...options, tol: 1e-9 });
      for (const [k, { certificate, lambda }] of path.points.entries()) {
        expect(certificate.converged).toBe(true);
        const difference = Math.abs(certificate.primal - reference.points[k].certificate.primal);
        expect(difference).toBeLessThanOrEqual(1e-9 * reference.points[0].certificate.primal);
        const [a, b] = [path.at(lambda), reference.at(lambda)];
        a.coef.forEach((value, j) => {
          expect(value).toBeCloseTo(b.coef[j], 5);
        });
      }
    }
  });

  test('of an elastic net with weights, offset, factors and bounds is that path, too', async () => {
    const special: PathOptions = {
      l1Ratio: 0.5,
      nLambdas: 12,
      sampleWeight: y.map((_, i) => (i % 4) + 0.5),
      offset: y.map((_, i) => Math.abs(i - 20) / 10),
      penaltyFactors: rows[0].map((_, j) => j % 3),
      upper: 0.75,
    };
    const stream = lassoPath.stream(rows, y, special);
    await take(stream, 5);
    await take(stream);
    expectSameBits(stream.path(), lassoPath(rows, y, special));
  });

  test('reports its progress', async () => {
    const steps: number[] = [];
    await take(lassoPath.stream(rows, y, { ...options, onProgress: ({ done, total }) => steps.push(done / total) }));
    expect(steps).toEqual(Array.from({ length: 30 }, (_, k) => (k + 1) / 30));
  });
});

describe('the memory of a stream', () => {
  const { heap } = currentBackend();

  test('is given back after the last point', async () => {
    const before = heap.inUse;
    const stream = lassoPath.stream(rows, y, options);
    await take(stream, 29);
    expect(heap.inUse).toBeGreaterThan(before);
    await take(stream);
    expect(heap.inUse).toBe(before);
    expectSameBits(stream.path());
  });

  test('is given back by dispose, after which path and state stay and a loop is refused', async () => {
    const before = heap.inUse;
    const stream: LassoStream = lassoPath.stream(rows, y, options);
    await take(stream, 3);
    stream.dispose();
    stream.dispose();
    expect(heap.inUse).toBe(before);
    expect(stream.path().points).toEqual(whole.points.slice(0, 3));
    expect(lassoPath.stream(rows, y, { ...options, resume: stream.state() }).done).toBe(3);
    await expect(take(stream)).rejects.toThrow('stream: disposed of after 3 of 30 points');
  });

  test('is given back at the end of a using block', async () => {
    const before = heap.inUse;
    {
      using stream = lassoPath.stream(rows, y, options);
      await take(stream, 2);
      expect(heap.inUse).toBeGreaterThan(before);
    }
    {
      await using stream = lassoPath.stream(rows, y, options);
      await take(stream, 2);
    }
    expect(heap.inUse).toBe(before);
  });

  test('is given back when the stream cannot be made', () => {
    const before = heap.inUse;
    expect(() => lassoPath.stream([[1], [Number.NaN]], [1, 2])).toThrow('X[1][0] is NaN: expected a finite number');
    const state = { ...lassoPathState(), rows: 5 };
    expect(() => lassoPath.stream(rows, y, { ...options, resume: state })).toThrow(RangeError);
    expect(heap.inUse).toBe(before);
  });

  test('of a matrix that its owner freed is not touched any more', async () => {
    const X = upload(rows);
    const stream = lassoPath.stream(X, y, options);
    await take(stream, 2);
    X.free();
    await expect(take(stream)).rejects.toThrow('X: this ResidentMatrix was freed');
    expect(stream.path().points).toHaveLength(2);
    stream.dispose();
  });
});

function lassoPathState() {
  const stream = lassoPath.stream(rows, y, options);
  const state = stream.state();
  stream.dispose();
  return state;
}

describe('bad input', () => {
  test.each<[string, () => unknown, string]>([
    ['an unknown option', () => lassoPath.stream(rows, y, { lambda: 1 } as never), 'lassoPath.stream: unknown option "lambda"'],
    ['options of the wrong kind', () => lassoPath.stream(rows, y, 3 as never), 'lassoPath.stream: expected an options object'],
    [
      'a state of the wrong kind',
      () => lassoPath.stream(rows, y, { resume: 3 }),
      'LinearPathState model: is 3: expected an object',
    ],
    [
      'the state of another path',
      () =>
        lassoPath.stream(
          rows,
          y.map((v) => v + (v > 0 ? 1 : 0)),
          { ...options, resume: lassoPathState() },
        ),
      'resume: expected the state of a path over the same data and options; its nullLoss is',
    ],
    [
      'the state of a path with other options',
      () => lassoPath.stream(rows, y, { ...options, nLambdas: 20, resume: lassoPathState() }),
      'resume: expected the state of a path over the same data and options; its number of lambdas is 30, here it is 20',
    ],
  ])('%s is refused at once', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a path of no points is refused', () => {
    using stream = lassoPath.stream(rows, y, options);
    expect(() => stream.path()).toThrow('path: the stream has not reached its first point yet');
  });
});

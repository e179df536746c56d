/**
 * The same bits on every engine: this file runs in Node and in Chromium, and both must find the hashes below. A change of the numbers in
 * src/ or assembly/ that is meant to be one changes them too: run it, and copy what it prints if Node and Chromium agree.
 */
import { afterAll, expect, test } from 'vitest';
import { GaussianMixture, KMeans } from '../../src/cluster/index.ts';
import { setBackend } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';
import { blobs, counts } from './samples.ts';

afterAll(() => setBackend('wasm'));

const hashes = { wasm: ['7cee79a1', '10257189'], js: ['7cee79a1', 'edafc1bd'] };

test.each(['wasm', 'js'] as const)('clusters have the same bits on every engine, on %s', (name) => {
  setBackend(name);
  const [clusters, mixtures] = [new Hash(), new Hash()];
  for (const rows of [blobs(new Dice(1), 200, 6, 5), counts(new Dice(2), 150, 30)]) {
    for (const format of FORMATS) {
      for (const spherical of [false, true]) {
        const model = new KMeans({ clusters: 7, spherical, seed: 3 }).fit(stored(rows, format));
        clusters.add(model.labels).add(model.centres.data).add([model.inertia]).add(model.transform(rows).data);
      }
    }
  }
  for (const covariance of ['full', 'tied', 'diagonal', 'spherical'] as const) {
    const rows = blobs(new Dice(3), 150, 5, 3);
    const model = new GaussianMixture({ components: 3, covariance }).fit(rows);
    mixtures
      .add(model.history)
      .add(model.means.data)
      .add(model.predictProbability(rows).data)
      .add([model.bic(rows)]);
  }
  expect([clusters.text, mixtures.text]).toEqual(hashes[name]);
});

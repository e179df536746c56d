// "L1 for dummies": start small and add neurons, or start large and remove connections. Both end with a network that fits.
import { SpikingClassifier, yinYang } from 'spinifex';

const train = yinYang({ samples: 1500, seed: 1 });
const test = yinYang({ samples: 1000, seed: 2 });
const options = { hidden: [60], epochs: 40, batchSize: 32, learningRate: 0.01, seed: 1 };

const networks = {
  'all from the start': {},
  'grown 4 -> 60': { grow: { from: 4, by: 8, every: 4 } },
  'pruned to 10 %': { prune: { density: 0.1 } },
  'pruned, regrown': { prune: { density: 0.1, regrow: 0.2 } },
  'L1, twice as long': { lambda: 1e-3, epochs: 80 },
};
for (const [name, extra] of Object.entries(networks)) {
  const model = new SpikingClassifier({ ...options, ...extra }).fit(train.X, train.y);
  const { accuracy, connections, connectionsTotal } = model.report(test.X, test.y);
  const course = [0, 0.25, 0.5, 0.75, 1]
    .map((part) => model.history[Math.floor(part * (model.history.length - 1))].connections)
    .join(' ');
  console.log(
    `${name}:`.padEnd(20),
    `${(100 * accuracy).toFixed(1)} %`,
    ` ${connections} of ${connectionsTotal} connections  (on the way: ${course})`,
  );
}

// Who goes where nobody was ever counted? Prediction, what it rests on, and how good such predictions are.
import { evaluateRoutes, predictRoutes, syntheticCity } from 'spinifex/city';

const city = syntheticCity({ zones: 30, seed: 3 });
const cold = city.truth.coldZones[0];
const routes = predictRoutes(city, { unknown: [city.zones[cold].id] }).sort((a, b) => b.value - a.value);
console.log(
  `The three strongest of ${routes.length} routes to ${city.zones[cold].name}, which no count ever saw as a destination:`,
);
for (const { origin, value, lower, upper, basis } of routes.slice(0, 3)) {
  const from = city.zones.findIndex(({ id }) => id === origin);
  const truth = city.truth.trips.data[from * city.zones.length + cold];
  console.log(
    `  from ${city.zones[from].name}: ${value.toFixed(0)} (${lower.toFixed(0)} to ${upper.toFixed(0)}, ${basis}); in truth ${truth}`,
  );
}

const { methods } = evaluateRoutes(city, { split: 'column', seeds: [0, 1] });
console.log('Whole destinations held out: skill against gravity, common part of commuters');
for (const { method, skill, cpc } of methods)
  console.log(`  ${method.padEnd(36)} ${skill.mean.toFixed(2).padStart(6)} ${cpc.mean.toFixed(2)}`);

/**
 * Readers: megabytes per second on one core, on invented files of the usual shape. Target: 50 MB/s. `node bench/readers.mjs [megabytes]`, after a
 * build; writes bench/results/readers.json.
 */
import { fileURLToPath } from 'node:url';
import { machine, writeJson } from './harness.mjs';

const TARGET = 50;
const ROUNDS = 12;
const MEGABYTES = Number(process.argv[2] ?? 25);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Lines until the file has its size; a flat text, as one from a file is. */
function file(header, line, megabytes = MEGABYTES) {
  const parts = [header];
  for (let size = header.length, k = 0; size < megabytes * 1e6; k++) size += parts[parts.push(line(k)) - 1].length;
  return Buffer.from(parts.join('')).toString();
}

const r = { ...(await import('../dist/io.js')), ...(await import('../dist/city.js')) };

// Zones x zones, one row for each pair.
const ZONES = Math.ceil(Math.sqrt((MEGABYTES * 1e6) / 15));
const pairs = file(
  'origin,destination,flow\n',
  (k) => `${36001 + Math.floor(k / ZONES)},${36001 + (k % ZONES)},${(k * 7919) % 997}\n`,
);
/** As the largest of the known networks: 13,000 nodes, 40,000 links. */
const ROADS = 3;
const NODES = 13_000;
const ends = (k) => [(k % NODES) + 1, ((k * 7 + Math.floor(k / NODES)) % NODES) + 1];
const roads = file(
  'from,to,length,traffic,cost,lanes\n',
  (k) => `${ends(k).map((id) => `n${id}`)},${((k * 31) % 977) / 100},${(k * 17) % 5003},${(k % 101) / 10},${k % 4}\n`,
  ROADS / 2,
);
const svm = file(
  '',
  (k) => `${k % 2 ? 1 : -1}${Array.from({ length: 60 }, (_, j) => ` ${j * 31 + 1}:${((k * j) % 977) / 1000}`).join('')}\n`,
);
const places = file(
  'id,name,population,longitude,latitude\n',
  (k) => `${k},Place ${k},${k % 9973},${-(k % 180) - 0.12345},${(k % 90) + 0.54321}\n`,
  ROADS / 3,
);
const net = file(
  '~ \tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n',
  (k) => `\t${ends(k).join('\t')}\t${(25900.20064 - (k % 97)).toFixed(5)}\t${(k % 977) / 100}\t${k % 60}\t0.15\t4\t50\t0\t1\t;\n`,
  ROADS,
);
const TRIP_ZONES = Math.ceil(Math.sqrt((MEGABYTES * 1e6) / 19));
const trips = file(`<NUMBER OF ZONES> ${TRIP_ZONES}\n<END OF METADATA>\n`, (k) => {
  const start = k % TRIP_ZONES === 0 ? `\n\nOrigin  ${k / TRIP_ZONES + 1}\n` : '';
  const line = k % 5 === 4 ? '\n' : '';
  return `${start}${String((k % TRIP_ZONES) + 1).padStart(5)} :${((k * 7919) % 99991) / 100};`.padEnd(20) + line;
});
const smallNet = `~ \tinit_node\tterm_node\tcapacity\tlength\t;\n${Array.from({ length: TRIP_ZONES + 2 }, (_, k) => `\t${k + 1}\t${k + 2}\t1\t1\t;\n`).join('')}`;
const chunks = (text) => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / 65536) }, (_, k) => bytes.subarray(k * 65536, (k + 1) * 65536));
};
const [pairChunks, tripChunks, svmChunks] = [pairs, trips, svm].map(chunks);

const rows = {
  'readCsv, all three columns as numbers': [
    pairs,
    () => ['origin', 'destination', 'flow'].map((name) => table(pairs).numbers(name)),
  ],
  'readRoutes: pairs': [pairs, () => r.readRoutes(pairs)],
  'readRoutesStream: pairs, chunks of 64 kB': [pairs, () => r.readRoutesStream(pairChunks)],
  'readRoutes: links': [roads, () => r.readRoutes(roads)],
  'readPlaces: CSV': [places, () => r.readPlaces(places)],
  'readTntp: trips': [trips, () => r.readTntp({ net: smallNet, trips })],
  'readTntpStream: trips, chunks of 64 kB': [trips, () => r.readTntpStream({ net: smallNet, trips: tripChunks })],
  'readTntp: net': [net, () => r.readTntp({ net })],
  readSvmlight: [svm, () => r.readSvmlight(svm)],
  'readSvmlightStream, chunks of 64 kB': [svm, () => r.readSvmlightStream(svmChunks)],
};

/** One table, read once in each round. */
let read = { text: '', table: undefined };
function table(text) {
  if (read.text !== text) read = { text, table: r.readCsv(text) };
  return read.table;
}

const results = [];
for (const [name, [text, run]] of Object.entries(rows)) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    read = { text: '', table: undefined };
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  const speed = text.length / 1e3 / best;
  results.push({ name, megabytes: text.length / 1e6, ms: best, megabytesPerSecond: speed, target: TARGET, ok: speed >= TARGET });
  console.log(`${speed.toFixed(0).padStart(5)} MB/s  ${speed >= TARGET ? '    ' : 'MISS'}  ${name}`);
}
writeJson(here('results/readers.json'), { machine: machine(), results });

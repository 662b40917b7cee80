// node bench/store-memory.mjs STORE LIMIT-IN-BYTES: the loader of the built program in a process of its own. Prints its resident memory
// before the store is opened; then, for each line of input, reads an epoch and prints the seconds it took.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openStore } from '../dist/dataset/index.js';
import { DEFAULT_RECIPE } from '../dist/training/index.js';
import { openBatchPool, openLoader } from '../dist/training/loader/index.js';

const [folder, limit] = process.argv.slice(2);
const resident = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
console.log(JSON.stringify({ beginMb: Number(resident?.[1]) / 1024 }));

let loader = null;
let epoch = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  loader ??= await open();
  for await (const _batch of loader.read(epoch));
  epoch++;
  console.log((performance.now() - start) / 1000);
}
process.exit();

async function open() {
  const store = await openStore(folder);
  return openLoader(store, store.cells, {
    ...{ pool: openBatchPool(), batchSize: 32, epochs: 1e6, memoryBytes: Number(limit) },
    training: {
      ...{ seed: 1, window: DEFAULT_RECIPE.window, augmentation: null },
      weights: new Float32Array(store.cells.length).fill(1),
    },
  });
}

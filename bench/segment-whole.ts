/** A field from planes in memory to both label images: answers each line with the seconds of every stage. */
import { createInterface } from 'node:readline';
import { segmentClassical } from '../src/segment/index.js';
import { defaultSynthSettings, simulateField } from '../src/synthetic/index.js';
import { FIELD_UM } from './segment-job.js';

/** Segmenters by name; each tells its stages. */
const SEGMENTERS = { classical: segmentClassical };

const { segmenter, sizePx }: { segmenter: keyof typeof SEGMENTERS; sizePx: number } = JSON.parse(
  process.argv[2],
);
const { field } = simulateField(
  { ...defaultSynthSettings, width: sizePx, height: sizePx, pixelSizeUm: FIELD_UM / sizePx, seed: 1 },
  0,
);
console.log(JSON.stringify({ version: process.versions.node }));
for await (const _ of createInterface({ input: process.stdin })) {
  const stages: Record<string, number> = {};
  const start = performance.now();
  SEGMENTERS[segmenter](field, undefined, (name, seconds) => {
    stages[name] = (stages[name] ?? 0) + seconds;
  });
  console.log(JSON.stringify({ total: (performance.now() - start) / 1000, ...stages }));
}

/** A field from planes in memory to both label images: answers each line with the seconds of every stage. */
import { createInterface } from 'node:readline';
import type { FieldOfView } from '../src/imaging/index.js';
import { loadRuntime, readInputFile } from '../src/io/index.js';
import { loadSegmenterNetwork } from '../src/networks/index.js';
import { SHIPPED_CELLS, SHIPPED_NUCLEI } from '../src/runs/index.js';
import { type StageListener, segmentByNetworks, segmentClassical } from '../src/segment/index.js';
import { defaultSynthSettings, simulateField } from '../src/synthetic/index.js';
import { FIELD_UM } from './segment-job.js';

type Run = (field: FieldOfView, onStage: StageListener) => unknown;

/** Opens a segmenter that tells its stages. */
const SEGMENTERS = {
  classical: async (): Promise<Run> => (field, onStage) => segmentClassical(field, undefined, onStage),
  network: async (): Promise<Run> => {
    const runtime = await loadRuntime();
    const nuclei = await loadSegmenterNetwork(runtime, await readInputFile(SHIPPED_NUCLEI));
    const cells = await loadSegmenterNetwork(runtime, await readInputFile(SHIPPED_CELLS));
    return (field, onStage) => segmentByNetworks(field, { nuclei, cells }, undefined, onStage);
  },
};

const { segmenter, sizePx }: { segmenter: keyof typeof SEGMENTERS; sizePx: number } = JSON.parse(
  process.argv[2],
);
const segment = await SEGMENTERS[segmenter]();
const { field } = simulateField(
  { ...defaultSynthSettings, width: sizePx, height: sizePx, pixelSizeUm: FIELD_UM / sizePx, seed: 1 },
  0,
);
console.log(JSON.stringify({ version: process.versions.node }));
for await (const _ of createInterface({ input: process.stdin })) {
  const stages: Record<string, number> = {};
  const start = performance.now();
  await segment(field, (name, seconds) => {
    stages[name] = (stages[name] ?? 0) + seconds;
  });
  console.log(JSON.stringify({ total: (performance.now() - start) / 1000, ...stages }));
}

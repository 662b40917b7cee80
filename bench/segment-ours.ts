/** Our side of the stages of the segmentation benchmark: answers the name of a stage with the seconds it took. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  distanceTransform,
  fillHoles,
  gaussianBlur,
  labelComponents,
  measureRegions,
  openDisk,
  otsuThreshold,
  percentile,
  resizeArea,
  smoothLabels,
  watershed,
} from '../src/imaging/index.js';
import { FIELD_PX, FIELD_UM, type SegmentJob, type StageName, WORKING_PX } from './segment-job.js';

/** Turns before the first that counts. */
const WARM_UP = 20;

const { folder, repeats }: SegmentJob = JSON.parse(process.argv[2]);
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const floats = (name: string) => new Float32Array(bytes(name).buffer);
const integers = (name: string) => new Int32Array(bytes(name).buffer);
const [width, height] = [WORKING_PX, WORKING_PX];
const pixelSizeUm = FIELD_UM / WORKING_PX;

const field = { width: FIELD_PX, height: FIELD_PX, bitDepth: 8 as const, data: bytes('plane.u8') };
const plane = { width, height, bitDepth: 32 as const, data: floats('plane.f32') };
const nuclei = bytes('nuclei.u8');
const cells = bytes('cells.u8');
const cost = { width, height, bitDepth: 32 as const, data: floats('cost.f32') };
const seeds = { width, height, data: integers('seeds.i32') };
const labels = { width, height, data: integers('labels.i32') };

const stages: Record<StageName, () => unknown> = {
  resize: () => resizeArea(field, width, height),
  gaussian: () => gaussianBlur(plane, 0.5 / pixelSizeUm),
  percentile: () => percentile(plane, 1),
  otsu: () => otsuThreshold(plane.data),
  holes: () => fillHoles(nuclei, width, height, 20 / pixelSizeUm ** 2),
  opening: () => openDisk(cells, width, height, 1 / pixelSizeUm),
  distance: () => distanceTransform(nuclei, width, height),
  labelling: () => labelComponents(nuclei, width, height),
  regions: () => measureRegions(labels),
  watershed: () => watershed(cost, seeds, cells),
  'label images': () => smoothLabels(labels, FIELD_PX, FIELD_PX, 0.7),
};
for (const run of Object.values(stages)) for (let i = 0; i < WARM_UP; i++) run();

console.log(JSON.stringify({ version: process.versions.node }));
for await (const line of createInterface({ input: process.stdin })) {
  const run = stages[line as StageName];
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  console.log(JSON.stringify((performance.now() - start) / 1000 / repeats));
}

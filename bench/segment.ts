/** `npm run bench -- segment`: a field from planes to label images, and its stages beside scikit-image and OpenCV. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  distanceTransform,
  gaussianBlur,
  maskWhere,
  resizeArea,
  resizeLabels,
} from '../src/imaging/index.js';
import { segmentClassical } from '../src/segment/index.js';
import { defaultSynthSettings, simulateField } from '../src/synthetic/index.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import { FIELD_PX, FIELD_UM, type SegmentJob, STAGES, WORKING_PX } from './segment-job.js';
import { type SideProcess, startSide } from './side-process.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const PYTHON = here('peers/.venv/bin/python');
const PEERS = ['scikit-image', 'OpenCV'];
const ROUNDS = 7;
const REPEATS = 5;
/** Whole fields: the first runs of a process are also told, since a user's single field is one. */
const WHOLE_RUNS = 9;
const WHOLE = [
  { segmenter: 'classical', sizePx: FIELD_PX },
  { segmenter: 'classical', sizePx: 3072 },
  { segmenter: 'network', sizePx: FIELD_PX },
  { segmenter: 'network', sizePx: 3072 },
];

export const segmentBenchmark: Benchmark = {
  name: 'segment',
  what: 'seconds from planes in memory to both label images, and of each stage, ours and the peers in turns',
  async run(wanted) {
    const results: BenchResult[] = [];
    for (const { segmenter, sizePx } of WHOLE) {
      if (wanted(wholeCase(segmenter, sizePx))) results.push(...(await measureWhole(segmenter, sizePx)));
    }
    return wanted(STAGE) ? [...results, ...(await compareStages())] : results;
  },
};

/** What the names of the cases begin with. */
const STAGE = 'stage';
const wholeCase = (segmenter: string, sizePx: number) => `${segmenter}, ${sizePx}x${sizePx}`;

type Seconds = Record<string, number>;

async function measureWhole(segmenter: string, sizePx: number): Promise<BenchResult[]> {
  const side = await startSide<{ version: string }, Seconds>(process.execPath, [
    '--import',
    'tsx',
    here('segment-whole.ts'),
    JSON.stringify({ segmenter, sizePx }),
  ]);
  try {
    side.forgetPeakMemory();
    const runs: Seconds[] = [];
    for (let i = 0; i < WHOLE_RUNS; i++) runs.push(await side.turn('run'));
    const totals = runs.map(({ total }) => total);
    console.error(
      `  ${segmenter} ${sizePx}x${sizePx}: first ${totals[0].toFixed(3)} s, then ${totals
        .slice(1)
        .map((total) => total.toFixed(3))
        .join(' ')}`,
    );
    return Object.keys(runs[0]).map((name) => ({
      case: `${wholeCase(segmenter, sizePx)}, ${name}`,
      ours: median(runs.map((run) => run[name])),
      peer: null,
      peerName: null,
      unit: 's',
      ratio: null,
      peakMemoryMb: name === 'total' ? side.peakMemoryMb() : null,
    }));
  } finally {
    await side.end();
  }
}

interface Who {
  readonly version: string;
  /** Those of a peer; ours has all. */
  readonly stages?: readonly string[];
}

async function compareStages(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
  const sides: SideProcess<Who>[] = [];
  try {
    writeInputs(folder);
    const job: SegmentJob = { folder, repeats: REPEATS };
    const ours = ['--import', 'tsx', here('segment-ours.ts'), JSON.stringify(job)];
    sides.push(await startSide<Who>(process.execPath, ours));
    if (existsSync(PYTHON)) {
      for (const peer of PEERS) {
        const args = ['-B', here('peers/segment_stages.py'), JSON.stringify({ ...job, peer })];
        sides.push(await startSide<Who>(PYTHON, args));
      }
    } else {
      console.error('  no peers: bench/peers/.venv is absent; bench/peers/setup makes it');
    }
    const results: BenchResult[] = [];
    for (const { name, what } of STAGES) {
      const able = sides.map(({ who }) => who.stages === undefined || who.stages.includes(name));
      const seconds = await takeTurns(sides, able, name);
      const own = median(seconds[0]);
      for (let i = 1; i < Math.max(2, sides.length); i++) {
        const peer = able[i] ? median(seconds[i]) : null;
        if (peer === null && i > 1) continue;
        results.push({
          case: `${STAGE} ${name}: ${what}`,
          ours: 1000 * own,
          peer: peer === null ? null : 1000 * peer,
          peerName: peer === null ? null : `${PEERS[i - 1]} ${sides[i].who.version}`,
          unit: 'ms',
          ratio: peer === null ? null : peer / own,
          peakMemoryMb: null,
        });
      }
    }
    return results;
  } finally {
    for (const side of sides) await side.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of each able side in each round; the side that begins changes from round to round. */
async function takeTurns(sides: SideProcess<Who>[], able: boolean[], stage: string): Promise<number[][]> {
  const seconds = sides.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const index = (round + turn) % sides.length;
      if (able[index]) seconds[index].push(await sides[index].turn(stage));
    }
  }
  return seconds;
}

/** What the stages work on: all from one synthetic field and its own segmentation. */
function writeInputs(folder: string): void {
  const settings = { width: FIELD_PX, height: FIELD_PX, pixelSizeUm: FIELD_UM / FIELD_PX, seed: 1 };
  const { field } = simulateField({ ...defaultSynthSettings, ...settings }, 0);
  const segmentation = segmentClassical(field);
  const [width, height] = [WORKING_PX, WORKING_PX];
  const labels = resizeLabels(segmentation.cells, width, height);
  const seeds = resizeLabels(segmentation.nuclei, width, height);
  const plane = resizeArea(field.channels.nuclei, width, height);
  const outside = maskWhere(seeds.data.length, (i) => seeds.data[i] === 0);
  const cytoplasm = gaussianBlur(resizeArea(field.channels.microtubules, width, height), 2).data;
  const cost = distanceTransform(outside, width, height);
  for (let i = 0; i < cost.length; i++) cost[i] = 0.01 * cost[i] - Math.log(0.05 + cytoplasm[i]);
  const files = {
    'plane.u8': field.channels.nuclei.data,
    'plane.f32': plane.data,
    'nuclei.u8': maskWhere(seeds.data.length, (i) => seeds.data[i] !== 0),
    'cells.u8': maskWhere(labels.data.length, (i) => labels.data[i] !== 0),
    'cost.f32': cost,
    'seeds.i32': seeds.data,
    'labels.i32': labels.data,
  };
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(files)) {
    writeFileSync(join(folder, name), new Uint8Array(buffer, byteOffset, byteLength));
  }
}

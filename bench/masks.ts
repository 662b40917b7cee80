/** `npm run bench -- masks`: run lengths of a label image beside pycocotools, taking turns. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/common/index.js';
import type { LabelImage } from '../src/imaging/index.js';
import { countsFromString, countsToString, decodeMask, encodeLabelImage } from '../src/masks/index.js';
import { overlapsOfMasks } from '../src/scoring/index.js';
import { startSide } from './engine-side.js';
import { type Benchmark, type BenchResult, median } from './result.js';

const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const PYTHON = `${PEERS}.venv/bin/python`;
const SIZE_PX = 2048;
const CELLS = 50;
const ROUNDS = 9;
const WARM_UP = 3;

/**
 * One 2048 x 2048 label image with 50 cells. "prepared" gives pycocotools its 50 masks ready in memory, so that only its
 * C code is measured; we are measured from the label image in both.
 */
export const masksBenchmark: Benchmark = {
  name: 'masks',
  what: `run lengths of a ${SIZE_PX} x ${SIZE_PX} label image with ${CELLS} cells, ours and pycocotools in turns`,
  async run() {
    const labels = drawCells();
    const strings = encode(labels);
    const cases: [name: string, peerCase: string, work: () => unknown][] = [
      ['encode all cells to counts strings', 'encode', () => encode(labels)],
      ['the same, the peer from masks made before', 'encode prepared', () => encode(labels)],
      ['decode all cells to masks', 'decode', () => strings.map((text) => decodeMask(read(text)))],
      ['IoU of all pairs', 'iou', () => overlaps(strings)],
    ];
    const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
    try {
      const file = join(folder, 'labels.raw');
      writeFileSync(file, labels.data);
      const results: BenchResult[] = [];
      for (const [name, peerCase, work] of cases) {
        results.push(await compare(name, { case: peerCase, width: SIZE_PX, height: SIZE_PX, file }, work));
      }
      return results;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function compare(name: string, job: object, work: () => unknown): Promise<BenchResult> {
  if (!existsSync(PYTHON))
    console.error('  no peer: bench/peers/.venv is absent; bench/peers/setup makes it');
  const peer = existsSync(PYTHON)
    ? await startSide(PYTHON, ['-B', `${PEERS}masks_pycocotools.py`, JSON.stringify(job)])
    : null;
  try {
    for (let i = 0; i < WARM_UP; i++) work();
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      work();
      ours.push(performance.now() - start);
      if (peer !== null) theirs.push(1000 * (await peer.turn(1)));
    }
    const [own, other] = [median(ours), peer === null ? null : median(theirs)];
    return {
      case: name,
      ours: own,
      peer: other,
      peerName: peer === null ? 'pycocotools' : `pycocotools ${peer.who.version} (${peer.who.form})`,
      unit: 'ms',
      ratio: other === null ? null : other / own,
      peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      peerPeakMemoryMb: peer?.peakMemoryMb() ?? null,
    };
  } finally {
    await peer?.end();
  }
}

const read = (text: string) => countsFromString(text, SIZE_PX, SIZE_PX);

function encode(labels: LabelImage): string[] {
  return Array.from(encodeLabelImage(labels).values(), ({ counts }) => countsToString(counts));
}

/** As the metric compares masks. */
function overlaps(strings: readonly string[]): Float64Array {
  const masks = strings.map(read);
  return overlapsOfMasks(masks, masks).iou;
}

/** Synthetic cells: each pixel belongs to the nearest of 50 random centres, if it is within a wavy radius of it. */
function drawCells(): LabelImage {
  const random = createRandom(1);
  const centres = Array.from({ length: CELLS }, () => ({
    x: random.range(0, SIZE_PX),
    y: random.range(0, SIZE_PX),
    waves: random.range(3, 9),
  }));
  const data = new Int32Array(SIZE_PX * SIZE_PX);
  for (let y = 0; y < SIZE_PX; y++) {
    for (let x = 0; x < SIZE_PX; x++) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let cell = 0; cell < CELLS; cell++) {
        const distance = (centres[cell].x - x) ** 2 + (centres[cell].y - y) ** 2;
        if (distance >= least) continue;
        least = distance;
        nearest = cell;
      }
      const { x: centreX, y: centreY, waves } = centres[nearest];
      const radius = 190 + 25 * Math.sin(waves * Math.atan2(y - centreY, x - centreX));
      if (least < radius ** 2) data[y * SIZE_PX + x] = nearest + 1;
    }
  }
  return { width: SIZE_PX, height: SIZE_PX, data };
}

/** `npm run bench -- score`: a whole test set's submission against its truth, and IoU of masks alone, beside pycocotools. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countsFromString } from '../src/masks/index.js';
import { overlapsOfMasks } from '../src/scoring/index.js';
import { runCli } from './cli-run.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import {
  CELLS,
  type DrawnField,
  drawFields,
  IMAGES,
  megabytes,
  type ScoreFiles,
  SIZE,
  writeMasks,
  writeScoreFiles,
} from './score-files.js';

const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const PYTHON = `${PEERS}.venv/bin/python`;
const PEER_NAME = 'pycocotools';
const IOU_ROUNDS = 3;
const EVALUATION = 'evaluate a submission, files to scores';
const IOU = `IoU of ${CELLS} x ${CELLS} masks in each of ${IMAGES} images, counts strings to IoU`;

/**
 * (a) From files to scores, process start included: ours reads a submission file, scores the competition's metric and
 * COCO's at 10 IoUs, outlines, labels and calibration, and draws 1,000 resamples; pycocotools reads the same masks as
 * COCO results and computes COCO's AP at 10 IoUs. (b) From counts strings to the IoU of each predicted with each true
 * mask of an image, in memory.
 */
export const scoreBenchmark: Benchmark = {
  name: 'score',
  what: `${IMAGES} images of ${SIZE} x ${SIZE}, ${CELLS} cells, 19 classes: evaluation of a submission file; IoU of masks`,
  async run(wanted) {
    const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
    try {
      if (!existsSync(PYTHON))
        console.error('  no peer: bench/peers/.venv is absent; bench/peers/setup makes it');
      const fields = drawFields();
      const results: BenchResult[] = [];
      if (wanted(EVALUATION)) results.push(evaluation(folder, await writeScoreFiles(folder, fields)));
      if (wanted(IOU)) results.push(await iouOfMasks(join(folder, 'masks.json'), fields));
      return results;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function evaluation(folder: string, { truth, submission, cocoTruth, cocoResults }: ScoreFiles): BenchResult {
  console.error(`  submission.csv: ${megabytes(submission).toFixed(0)} MB`);
  const ours = runCli(folder, ['evaluate', '--truth', truth, '--predictions', submission, '--json']);
  const peer = askPeer('evaluate', cocoTruth, cocoResults);
  return {
    case: EVALUATION,
    ours: ours.seconds,
    peer: peer?.seconds ?? null,
    peerName: PEER_NAME,
    unit: 's',
    ratio: peer && peer.seconds / ours.seconds,
    peakMemoryMb: ours.peakMemoryMb,
    peerPeakMemoryMb: peer?.peakMemoryMb ?? null,
  };
}

interface MaskList {
  readonly size: number;
  readonly truth: string[];
  readonly predicted: string[];
}

async function iouOfMasks(masks: string, drawn: readonly DrawnField[]): Promise<BenchResult> {
  await writeMasks(masks, drawn);
  const fields: MaskList[] = JSON.parse(readFileSync(masks, 'utf8'));
  const ours: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round < IOU_ROUNDS; round++) {
    ours.push(secondsOfIou(fields));
    const peer = askPeer('iou', masks, `${IMAGES}`);
    if (peer !== null) peers.push(peer.seconds);
  }
  const own = median(ours);
  return {
    case: IOU,
    ours: own,
    peer: peers.length === 0 ? null : median(peers),
    peerName: PEER_NAME,
    unit: 's',
    ratio: peers.length === 0 ? null : median(peers) / own,
    peakMemoryMb: null,
  };
}

function secondsOfIou(fields: readonly MaskList[]): number {
  const start = performance.now();
  for (let image = 0; image < IMAGES; image++) {
    const { size, truth, predicted } = fields[image % fields.length];
    const decode = (text: string) => countsFromString(text, size, size);
    overlapsOfMasks(predicted.map(decode), truth.map(decode));
  }
  return (performance.now() - start) / 1000;
}

interface PeerRun {
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

function askPeer(...args: string[]): PeerRun | null {
  if (!existsSync(PYTHON)) return null;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-B', `${PEERS}score_pycocotools.py`, ...args], {
    encoding: 'utf8',
  });
  const whole = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`score_pycocotools.py ended with ${status}: ${stderr}`);
  const { seconds, peakMemoryMb }: { seconds: number | null; peakMemoryMb: number } = JSON.parse(stdout);
  return { seconds: seconds ?? whole, peakMemoryMb };
}

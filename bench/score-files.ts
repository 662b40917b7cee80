/** The files of the score benchmark: a submission of a full test set, its truth, and the same as COCO files for the peer. */
import { createWriteStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createRandom, LOCATIONS, type Random } from '../src/common/index.js';
import { COCO_CATEGORIES, countsToString, encodeMask, encodeSubmissionMask, type Rle } from '../src/masks/index.js';

export const IMAGES = 1776;
export const SIZE = 2048;
export const CELLS = 20;

/** Different fields whose masks the images take in turn: encoding 35,520 masks would take longer than scoring them. */
const FIELDS = 24;
/** Edge of the square in which a cell lies; 5 x 4 of them fill the image. */
const PITCH = { x: 400, y: 500 };
/** How far a prediction lies from its truth. */
const SHIFT_PX = 24;

export interface ScoreFiles {
  readonly submission: string;
  readonly truth: string;
  readonly cocoTruth: string;
  readonly cocoResults: string;
}

interface Encoded {
  readonly rle: Rle;
  readonly submission: string;
  readonly coco: string;
}

/** Writes the files into a folder where they are not there yet. */
export async function writeScoreFiles(folder: string): Promise<ScoreFiles> {
  mkdirSync(folder, { recursive: true });
  const files: ScoreFiles = {
    submission: join(folder, 'submission.csv'),
    truth: join(folder, 'truth.csv'),
    cocoTruth: join(folder, 'truth.json'),
    cocoResults: join(folder, 'results.json'),
  };
  const done = join(folder, 'done');
  if (existsSync(done)) return files;
  const random = createRandom(1);
  const fields = Array.from({ length: FIELDS }, () => ({
    truth: drawCells(random, 0),
    predicted: drawCells(random, SHIFT_PX),
  }));
  await writeAll(files, fields, random);
  await writeText(done, ['']);
  return files;
}

export function megabytes(path: string): number {
  return statSync(path).size / 1e6;
}

/** Cells with uneven outlines: their masks must be as long in a file as real ones. */
function drawCells(random: Random, shiftPx: number): Encoded[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const shift = () => random.range(-shiftPx, shiftPx);
    const centreX = ((cell % 5) + 0.5) * PITCH.x + shift();
    const centreY = (Math.floor(cell / 5) + 0.5) * PITCH.y + shift();
    const waves = Array.from({ length: 12 }, (_, n) => ({
      turns: n + 2,
      height: random.range(0, 0.16 / (n + 1)),
      phase: random.range(0, 2 * Math.PI),
    }));
    const rle = encodeMask(blob(centreX, centreY, waves), SIZE, SIZE);
    return { rle, submission: encodeSubmissionMask(rle), coco: countsToString(rle.counts) };
  });
}

interface Wave {
  readonly turns: number;
  readonly height: number;
  readonly phase: number;
}

function blob(centreX: number, centreY: number, waves: readonly Wave[]): Uint8Array {
  const mask = new Uint8Array(SIZE * SIZE);
  for (let y = Math.max(0, Math.floor(centreY - PITCH.y / 2)); y < Math.min(SIZE, centreY + PITCH.y / 2); y++) {
    for (let x = Math.max(0, Math.floor(centreX - PITCH.x / 2)); x < Math.min(SIZE, centreX + PITCH.x / 2); x++) {
      const angle = Math.atan2(y - centreY, x - centreX);
      let radius = 1;
      for (const { turns, height, phase } of waves) radius += height * Math.sin(turns * angle + phase);
      if (Math.hypot((x - centreX) / 185, (y - centreY) / 235) < radius) mask[y * SIZE + x] = 1;
    }
  }
  return mask;
}

async function writeAll(
  files: ScoreFiles,
  fields: readonly { readonly truth: Encoded[]; readonly predicted: Encoded[] }[],
  random: Random,
): Promise<void> {
  const images = Array.from({ length: IMAGES }, (_, i) => {
    const field = fields[i % FIELDS];
    return {
      id: `image-${i}`,
      number: i + 1,
      truth: field.truth.map((mask) => ({ mask, classId: random.integer(LOCATIONS.length) })),
      predicted: field.predicted.map((mask) => ({
        mask,
        scores: LOCATIONS.map(() => random.uniform().toFixed(6)),
      })),
    };
  });
  const header = 'ID,ImageWidth,ImageHeight,PredictionString\n';
  const segmentation = ({ coco }: Encoded) => `{"size":[${SIZE},${SIZE}],"counts":${JSON.stringify(coco)}}`;
  await writeText(files.submission, withFirst(header, images.map(({ id, predicted }) => () => {
    const triples = predicted.flatMap(({ mask, scores }) => scores.map((score, classId) => `${classId} ${score} ${mask.submission}`));
    return `${id},${SIZE},${SIZE},${triples.join(' ')}\n`;
  })));
  await writeText(files.truth, withFirst(header, images.map(({ id, truth }) => () =>
    `${id},${SIZE},${SIZE},${truth.map(({ mask, classId }) => `${classId} 1 ${mask.submission}`).join(' ')}\n`,
  )));
  const results = images.map(({ number, predicted }, i) => () =>
    (i === 0 ? '[' : ',') + predicted.flatMap(({ mask, scores }) => {
      const text = segmentation(mask);
      return scores.map((score, classId) => `{"image_id":${number},"category_id":${classId + 1},"score":${Number(score)},"segmentation":${text}}`);
    }).join(','),
  );
  await writeText(files.cocoResults, [...lazily(results), ']']);
  const imageList = images.map(({ id, number }) => ({ id: number, file_name: `${id}.png`, width: SIZE, height: SIZE }));
  let annotation = 0;
  const annotations = images.map(({ number, truth }, i) => () =>
    (i === 0 ? '' : ',') + truth.map(({ mask, classId }) =>
      `{"id":${++annotation},"image_id":${number},"category_id":${classId + 1},"iscrowd":0,"area":1,"bbox":[0,0,1,1],"segmentation":${segmentation(mask)}}`,
    ).join(','),
  );
  await writeText(files.cocoTruth, [
    `{"images":${JSON.stringify(imageList)},"categories":${JSON.stringify(COCO_CATEGORIES)},"annotations":[`,
    ...lazily(annotations),
    ']}',
  ]);
}

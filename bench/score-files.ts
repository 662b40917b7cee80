/** The files of the score benchmark: a submission of a full test set, its truth, and the same as COCO files for the peer. */

import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, LOCATIONS, type Random } from '../src/common/index.js';
import {
  COCO_CATEGORIES,
  countsToString,
  encodeMask,
  encodeSubmissionMask,
  type Rle,
} from '../src/masks/index.js';

export const IMAGES = 1776;
export const SIZE = 2048;
export const CELLS = 20;

/** Different fields whose masks the images take in turn: encoding 35,520 masks would take longer than scoring them. */
const FIELDS = 12;
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

/** What the images show in turn. */
export interface DrawnField {
  readonly truth: readonly Encoded[];
  readonly predicted: readonly Encoded[];
}

interface Encoded {
  readonly rle: Rle;
  readonly submission: string;
  readonly coco: string;
}

/** The fields, always the same. */
export function drawFields(): DrawnField[] {
  const random = createRandom(1);
  return Array.from({ length: FIELDS }, () => ({
    truth: drawCells(random, 0),
    predicted: drawCells(random, SHIFT_PX),
  }));
}

/** Writes the files of the whole test set into a folder. */
export async function writeScoreFiles(folder: string, fields: readonly DrawnField[]): Promise<ScoreFiles> {
  const files: ScoreFiles = {
    submission: join(folder, 'submission.csv'),
    truth: join(folder, 'truth.csv'),
    cocoTruth: join(folder, 'truth.json'),
    cocoResults: join(folder, 'results.json'),
  };
  await writeAll(files, fields, createRandom(2));
  return files;
}

/** COCO's counts strings alone: a list of fields, each `{size, truth, predicted}`. */
export async function writeMasks(path: string, fields: readonly DrawnField[]): Promise<void> {
  const strings = (cells: readonly Encoded[]) => cells.map(({ coco }) => coco);
  const lists = fields.map(({ truth, predicted }) => ({
    size: SIZE,
    truth: strings(truth),
    predicted: strings(predicted),
  }));
  await writeText(path, [JSON.stringify(lists)]);
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
    const rle = encodeMask(blob(random, centreX, centreY), SIZE, SIZE);
    return { rle, submission: encodeSubmissionMask(rle), coco: countsToString(rle.counts) };
  });
}

/** Outlines are drawn by a table of radii: an arc this short is under a pixel. */
const ANGLES = 4096;

function blob(random: Random, centreX: number, centreY: number): Uint8Array {
  const waves = Array.from({ length: 16 }, (_, n) => ({
    turns: n + 2,
    height: random.range(0, 0.17 / (n + 1)),
    phase: random.range(0, 2 * Math.PI),
  }));
  const radii = Float64Array.from({ length: ANGLES }, (_, step) => {
    const angle = (2 * Math.PI * step) / ANGLES;
    return waves.reduce((sum, { turns, height, phase }) => sum + height * Math.sin(turns * angle + phase), 1);
  });
  const mask = new Uint8Array(SIZE * SIZE);
  for (let y = Math.floor(centreY - PITCH.y / 2); y < centreY + PITCH.y / 2; y++) {
    for (let x = Math.floor(centreX - PITCH.x / 2); x < centreX + PITCH.x / 2; x++) {
      if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) continue;
      const turn = Math.atan2(y - centreY, x - centreX) / (2 * Math.PI) + 1;
      const radius = radii[Math.floor(turn * ANGLES) % ANGLES];
      if (Math.hypot((x - centreX) / 185, (y - centreY) / 235) < radius) mask[y * SIZE + x] = 1;
    }
  }
  return mask;
}

interface Image {
  readonly id: string;
  readonly number: number;
  readonly truth: readonly { readonly mask: Encoded; readonly classId: number }[];
  readonly predicted: readonly { readonly mask: Encoded; readonly scores: readonly string[] }[];
}

async function writeAll(files: ScoreFiles, fields: readonly DrawnField[], random: Random): Promise<void> {
  const images = Array.from({ length: IMAGES }, (_, i): Image => {
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
  await writeText(files.submission, submissionRows(images));
  await writeText(files.truth, truthRows(images));
  await writeText(files.cocoResults, cocoResults(images));
  await writeText(files.cocoTruth, cocoTruth(images));
}

const HEADER = 'ID,ImageWidth,ImageHeight,PredictionString\n';

function* submissionRows(images: readonly Image[]): Generator<string> {
  yield HEADER;
  for (const { id, predicted } of images) {
    const triples = predicted.flatMap(({ mask, scores }) =>
      scores.map((score, classId) => `${classId} ${score} ${mask.submission}`),
    );
    yield `${id},${SIZE},${SIZE},${triples.join(' ')}\n`;
  }
}

function* truthRows(images: readonly Image[]): Generator<string> {
  yield HEADER;
  for (const { id, truth } of images) {
    const triples = truth.map(({ mask, classId }) => `${classId} 1 ${mask.submission}`);
    yield `${id},${SIZE},${SIZE},${triples.join(' ')}\n`;
  }
}

function* cocoResults(images: readonly Image[]): Generator<string> {
  for (const { number, predicted } of images) {
    const results = predicted.flatMap(({ mask, scores }) =>
      scores.map(
        (score, classId) =>
          `{"image_id":${number},"category_id":${classId + 1},"score":${Number(score)},"segmentation":${segmentation(mask)}}`,
      ),
    );
    yield `${number === 1 ? '[' : ','}${results.join(',')}`;
  }
  yield ']';
}

function* cocoTruth(images: readonly Image[]): Generator<string> {
  const list = images.map(({ id, number }) => ({
    id: number,
    file_name: `${id}.png`,
    width: SIZE,
    height: SIZE,
  }));
  yield `{"images":${JSON.stringify(list)},"categories":${JSON.stringify(COCO_CATEGORIES)},"annotations":[`;
  let id = 0;
  for (const { number, truth } of images) {
    for (const { mask, classId } of truth) {
      id++;
      yield `${id === 1 ? '' : ','}{"id":${id},"image_id":${number},"category_id":${classId + 1},"iscrowd":0,"area":1,` +
        `"bbox":[0,0,1,1],"segmentation":${segmentation(mask)}}`;
    }
  }
  yield ']}';
}

function segmentation({ coco }: Encoded): string {
  return `{"size":[${SIZE},${SIZE}],"counts":${JSON.stringify(coco)}}`;
}

async function writeText(path: string, pieces: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  for (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

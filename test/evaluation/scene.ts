/** The scene as every kind of file that `evaluate` reads. */
import { join } from 'node:path';
import { formatCsvRow, LOCATIONS } from '../../src/common/index.js';
import { writeFileAtomic, writeLabelPng, writeTable } from '../../src/io/index.js';
import { encodeMask, encodeSubmissionMask, type Rle, toCocoSegmentation } from '../../src/masks/index.js';
import { SUBMISSION_COLUMNS, submissionRow } from '../../src/scoring/index.js';
import { type Rectangle, rectangleMask } from '../scoring/rectangles.js';
import { PREDICTED, type Scene, SIZE, TRUTH } from './scene-cells.js';

export * from './scene-cells.js';

function maskOf(rectangle: Rectangle): Rle {
  return encodeMask(rectangleMask(rectangle, SIZE), SIZE, SIZE);
}

async function writeCells<T>(folder: string, scene: Scene<T>): Promise<void> {
  for (const [id, cells] of Object.entries(scene)) {
    const data = new Int32Array(SIZE * SIZE);
    cells.forEach(([rectangle], i) => {
      rectangleMask(rectangle, SIZE).forEach((set, at) => {
        if (set === 1) data[at] = i + 1;
      });
    });
    await writeLabelPng(join(folder, id, 'cells.png'), { width: SIZE, height: SIZE, data });
  }
}

export async function writeTruthFolder(folder: string, scene = TRUTH): Promise<string> {
  await writeCells(folder, scene);
  const rows = Object.entries(scene).flatMap(([id, cells]) =>
    cells.map(([, ids], i) => [id, i + 1, ids.join('|')]),
  );
  await writeTable(join(folder, 'cells.csv'), ['field', 'cell', 'locations'], rows);
  return folder;
}

export async function writePredictionFolder(folder: string, scene = PREDICTED): Promise<string> {
  await writeCells(folder, scene);
  const rows = Object.entries(scene).flatMap(([id, cells]) =>
    cells.map(([, values], i) => [id, i + 1, ...values]),
  );
  await writeTable(join(folder, 'cells.csv'), ['field', 'cell', ...LOCATIONS], rows);
  return folder;
}

export async function writeTruthSubmission(path: string, scene = TRUTH): Promise<string> {
  const rows = Object.entries(scene).map(([id, cells]) => {
    const triples = cells.flatMap(([rectangle, ids]) =>
      ids.map((classId) => `${classId} 1 ${encodeSubmissionMask(maskOf(rectangle))}`),
    );
    return [id, SIZE, SIZE, triples.join(' ')];
  });
  await writeFileAtomic(path, [SUBMISSION_COLUMNS, ...rows].map(formatCsvRow).join(''));
  return path;
}

export async function writeSubmission(path: string, scene = PREDICTED): Promise<string> {
  const rows = Object.entries(scene).map(([id, cells]) =>
    submissionRow(
      { id, width: SIZE, height: SIZE },
      cells.map(([rectangle, values]) => ({ mask: maskOf(rectangle), scores: values })),
    ),
  );
  await writeFileAtomic(path, [SUBMISSION_COLUMNS, ...rows].map(formatCsvRow).join(''));
  return path;
}

/** Category ids in an order of their own, to see that names count. */
export const CATEGORIES = LOCATIONS.map((name: string, classId) => ({ id: 100 - classId, name }));
const imagesOf = (scene: Scene<unknown>) =>
  Object.keys(scene).map((id, i) => ({
    id: i + 7,
    file_name: `images/${id}_green.png`,
    width: SIZE,
    height: SIZE,
  }));

export async function writeCocoTruth(path: string, scene = TRUTH, categories = CATEGORIES): Promise<string> {
  const annotations = Object.values(scene).flatMap((cells, i) =>
    cells.flatMap(([rectangle, ids]) =>
      ids.map((classId) => ({
        image_id: i + 7,
        category_id: categories[classId % categories.length].id,
        segmentation: toCocoSegmentation(maskOf(rectangle)),
        area: 1,
        bbox: [0, 0, 1, 1],
        iscrowd: 0,
      })),
    ),
  );
  const numbered = annotations.map((annotation, i) => ({ id: i + 1, ...annotation }));
  await writeFileAtomic(path, JSON.stringify({ images: imagesOf(scene), annotations: numbered, categories }));
  return path;
}

/** `imageId` and `categoryId` say what the results call a field and a class. */
export async function writeCocoResults(
  path: string,
  imageId: (field: string, index: number) => number | string,
  categoryId: (classId: number) => number,
  scene = PREDICTED,
): Promise<string> {
  const results = Object.entries(scene).flatMap(([id, cells], i) =>
    cells.flatMap(([rectangle, values]) =>
      values.map((score, classId) => ({
        image_id: imageId(id, i),
        category_id: categoryId(classId),
        segmentation: toCocoSegmentation(maskOf(rectangle), 'counts'),
        score,
      })),
    ),
  );
  await writeFileAtomic(path, JSON.stringify(results));
  return path;
}

/** Predictions as a data set whose annotations have scores. */
export async function writeCocoPredictions(path: string, scene = PREDICTED): Promise<string> {
  const annotations = Object.values(scene).flatMap((cells, i) =>
    cells.flatMap(([rectangle, values]) =>
      values.map((score, classId) => ({
        image_id: i + 7,
        category_id: CATEGORIES[classId].id,
        segmentation: toCocoSegmentation(maskOf(rectangle), 'polygons'),
        area: 1,
        bbox: [0, 0, 1, 1],
        score,
      })),
    ),
  );
  const numbered = annotations.map((annotation, i) => ({ id: i + 1, ...annotation }));
  await writeFileAtomic(
    path,
    JSON.stringify({ images: imagesOf(scene), annotations: numbered, categories: CATEGORIES }),
  );
  return path;
}

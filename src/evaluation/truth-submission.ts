import { groupBy, InputError } from '../common/index.js';
import { rleArea } from '../masks/index.js';
import type { ImageTruth } from '../scoring/index.js';
import { readSubmissionRows, type SubmissionRow } from './submission-rows.js';
import type { TruthSource } from './truth.js';

/**
 * Truth as a CSV file in the submission's format: triples `class confidence mask`, whose confidence counts for nothing. A
 * mask that is there with several classes is one cell of several locations. An empty mask is no cell: it says that its
 * class was looked for in the image and not seen, which matters to mode `oid`.
 * @throws InputError `no-truth`, `truth-duplicate`, and what `readSubmissionRows` throws
 */
export async function openTruthSubmission(path: string): Promise<TruthSource> {
  const rows = new Map<string, SubmissionRow>();
  for await (const row of readSubmissionRows(path)) {
    if (rows.has(row.id)) {
      throw new InputError(
        'truth-duplicate',
        `${path}: image ${row.id} has a second row; expected one an image`,
      );
    }
    rows.set(row.id, row);
  }
  if (rows.size === 0) throw new InputError('no-truth', `${path}: has no row; expected one an image`);
  return {
    path,
    ids: [...rows.keys()],
    knowsLocations: true,
    coco: null,
    async read(id) {
      const row = rows.get(id);
      if (row === undefined) throw new RangeError(`${path} has no image ${id}`);
      return toTruth(row);
    },
  };
}

function toTruth({ id, width, height, parse }: SubmissionRow): ImageTruth {
  const { masks, detections } = parse();
  const classes = groupBy(detections, ({ instance }) => instance);
  const classIds = masks.map((_, instance) => [
    ...new Set(classes.get(instance)?.map(({ classId }) => classId)),
  ]);
  const isCell = masks.map((mask) => rleArea(mask) > 0);
  return {
    id,
    width,
    height,
    cells: masks.flatMap((mask, i) =>
      isCell[i] ? [{ name: `mask ${i + 1}`, mask, locations: classIds[i].sort((a, b) => a - b) }] : [],
    ),
    verifiedClasses: classIds.flatMap((ids, i) => (isCell[i] ? [] : ids)),
  };
}

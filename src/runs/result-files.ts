import { join } from 'node:path';
import { formatCsvRow, LOCATIONS } from '../common/index.js';
import { openAtomicFile, readLabelPng, writeFileAtomic, writeTable } from '../io/index.js';
import { toCocoSegmentation } from '../masks/index.js';
import {
  cellColumns,
  cellRow,
  cellsGeoJson,
  fieldColumns,
  fieldRow,
  submissionCells,
} from '../predict/index.js';
import { SUBMISSION_COLUMNS, submissionRow } from '../scoring/index.js';
import { type FieldRecord, recordCells, summarizeRecord } from './record.js';

/**
 * Writes `cells.csv` and `fields.csv` of a run.
 * @returns the files' paths
 */
export async function writeResultTables(
  out: string,
  records: readonly FieldRecord[],
  scored: boolean,
  threshold: number,
): Promise<string[]> {
  const cells = join(out, 'cells.csv');
  const fields = join(out, 'fields.csv');
  await writeTable(
    cells,
    cellColumns(scored),
    records.flatMap((record) => recordCells(record).map((cell) => cellRow(record.field, cell, threshold))),
  );
  await writeTable(
    fields,
    fieldColumns(scored),
    records.map((record) => fieldRow(summarizeRecord(record, scored, threshold))),
  );
  return [cells, fields];
}

/**
 * Writes `submission.csv`, field by field, from the label images of a run: a full test set's is 320 MB.
 * @returns the file's path
 */
export async function writeSubmission(out: string, records: readonly FieldRecord[]): Promise<string> {
  const path = join(out, 'submission.csv');
  const file = await openAtomicFile(path);
  try {
    await file.write(formatCsvRow(SUBMISSION_COLUMNS));
    for (const record of records) {
      const labels = await readLabelPng(join(out, record.field, 'cells.png'));
      const image = { id: record.field, width: record.width, height: record.height };
      await file.write(formatCsvRow(submissionRow(image, submissionCells(labels, recordCells(record)))));
    }
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
  return path;
}

/**
 * Writes `coco.json`: COCO results, one for each cell and location, field by field. An image's id is its field's, a category's
 * is class id + 1; masks overlap where the cells' own do.
 * @returns the file's path
 */
export async function writeCocoResults(out: string, records: readonly FieldRecord[]): Promise<string> {
  const path = join(out, 'coco.json');
  const file = await openAtomicFile(path);
  try {
    let separator = '[\n';
    for (const record of records) {
      const labels = await readLabelPng(join(out, record.field, 'cells.png'));
      const cells = recordCells(record);
      const lines = submissionCells(labels, cells).flatMap(({ mask, scores }, i) => {
        const segmentation = toCocoSegmentation(mask);
        return LOCATIONS.map((_, location) =>
          JSON.stringify({
            ...{ image_id: record.field, category_id: location + 1, segmentation },
            ...{ score: Number(scores[location].toFixed(6)), cell: cells[i].cell },
          }),
        );
      });
      if (lines.length === 0) continue;
      await file.write(separator + lines.join(',\n'));
      separator = ',\n';
    }
    await file.write(separator === '[\n' ? '[]\n' : '\n]\n');
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
  return path;
}

/**
 * Writes `ID/cells.geojson` of each field of a run (see `cellsGeoJson`).
 * @returns the files' paths
 */
export async function writeGeoJson(out: string, records: readonly FieldRecord[]): Promise<string[]> {
  const paths: string[] = [];
  for (const record of records) {
    const folder = join(out, record.field);
    const segmentation = {
      cells: await readLabelPng(join(folder, 'cells.png')),
      nuclei: await readLabelPng(join(folder, 'nuclei.png')),
    };
    const path = join(folder, 'cells.geojson');
    await writeFileAtomic(
      path,
      JSON.stringify(cellsGeoJson(record.field, segmentation, recordCells(record))),
    );
    paths.push(path);
  }
  return paths;
}

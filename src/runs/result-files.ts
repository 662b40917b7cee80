import { join } from 'node:path';
import { formatCsvRow } from '../common/index.js';
import { openAtomicFile, openCocoWriter, readLabelPng, writeFileAtomic, writeTable } from '../io/index.js';
import {
  cellAnnotations,
  cellColumns,
  cellRow,
  cellsGeoJson,
  fieldColumns,
  fieldRow,
  submissionCells,
} from '../predict/index.js';
import { SUBMISSION_COLUMNS, submissionRow } from '../scoring/index.js';
import { type FieldRecord, recordCells, summarizeRecord } from './record.js';
import { VERSION } from './version.js';

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
 * Writes `coco.json`, a data set of all fields of a run (see `cellAnnotations`), field by field.
 * @returns the file's path
 */
export async function writeCoco(
  out: string,
  records: readonly FieldRecord[],
  threshold: number,
): Promise<string> {
  const path = join(out, 'coco.json');
  const writer = await openCocoWriter(path, `made by cytolocus ${VERSION}`);
  let annotated = 0;
  try {
    for (const [i, record] of records.entries()) {
      const { field, width, height } = record;
      const labels = await readLabelPng(join(out, field, 'cells.png'));
      const annotations = cellAnnotations(i + 1, labels, recordCells(record), threshold, annotated + 1);
      await writer.add({ id: i + 1, file_name: `${field}.png`, width, height, field }, annotations);
      annotated += annotations.length;
    }
  } catch (error) {
    await writer.discard();
    throw error;
  }
  await writer.commit();
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

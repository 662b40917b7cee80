import { join } from 'node:path';
import { formatCsvRow } from '../common/index.js';
import { openAtomicFile, readLabelPng, writeTable } from '../io/index.js';
import { cellColumns, cellRow, fieldColumns, fieldRow, submissionCells } from '../predict/index.js';
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

import { join } from 'node:path';
import { isFile, readLabelPng, writeFileAtomic } from '../io/index.js';
import { cellsCoco, cellsCsv, cellsGeoJson, fieldsCsv, submissionCsv } from '../predict/index.js';
import type { DocumentName } from './documents.js';
import { readRecord, recordCells, summarizeRecord } from './record.js';

export interface DocumentTask {
  /** The field's folder among the results: its record and label images. */
  readonly folder: string;
  readonly document: DocumentName;
  /** The document's file; left alone where it is there. */
  readonly path: string;
  /** The field's name in the document. */
  readonly field: string;
  /** A location is called from this score on. */
  readonly threshold: number;
}

/**
 * Writes a document of a predicted field, where it is not there yet.
 * @throws InputError `record-missing`, `file-*`, `not-writable`
 */
export async function writeDocument(task: DocumentTask): Promise<void> {
  const { path } = task;
  if (!(await isFile(path))) await writeFileAtomic(path, await textOf(task));
}

async function textOf({ folder, document, field, threshold }: DocumentTask): Promise<string> {
  const record = await readRecord(folder);
  const cells = recordCells(record);
  const labels = (name: 'cells' | 'nuclei') => readLabelPng(join(folder, `${name}.png`));
  switch (document) {
    case 'cells.csv':
      return cellsCsv(field, cells, threshold);
    case 'fields.csv':
      return fieldsCsv({ ...summarizeRecord(record, true, threshold), field });
    case 'submission.csv':
      return submissionCsv(field, await labels('cells'), cells);
    case 'coco.json':
      return JSON.stringify(cellsCoco(field, await labels('cells'), cells, threshold));
    case 'cells.geojson': {
      const segmentation = { cells: await labels('cells'), nuclei: await labels('nuclei') };
      return JSON.stringify(cellsGeoJson(field, segmentation, cells));
    }
  }
}

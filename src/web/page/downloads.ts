import type { Segmentation } from '../../imaging/index.js';
import {
  type CellPrediction,
  type Corrections,
  cellsCoco,
  cellsCsv,
  cellsGeoJson,
  correctedLocations,
  DEFAULT_THRESHOLD,
  submissionCsv,
  trainCsv,
  truthCsv,
} from '../../predict/index.js';

export const DOWNLOADS = ['cells.csv', 'coco.json', 'cells.geojson', 'submission.csv'] as const;
export type Download = (typeof DOWNLOADS)[number];

/** A document of a result, made here: the same text as the command and the server write. */
export function documentOf(
  field: string,
  cells: readonly CellPrediction[],
  segmentation: Segmentation,
  name: Download,
): Blob {
  switch (name) {
    case 'cells.csv':
      return csv(cellsCsv(field, cells, DEFAULT_THRESHOLD));
    case 'submission.csv':
      return csv(submissionCsv(field, segmentation.cells, cells));
    case 'coco.json':
      return json(cellsCoco(field, segmentation.cells, cells, DEFAULT_THRESHOLD));
    case 'cells.geojson':
      return json(cellsGeoJson(field, segmentation, cells));
  }
}

/** Tables of the cells as a person corrected them: for `train classifier`, and as truth for `evaluate`. */
export function trainingTables(
  field: string,
  cells: readonly CellPrediction[],
  corrections: Corrections,
): Readonly<Record<'train.csv' | 'truth.csv', Blob>> {
  const locations = correctedLocations(cells, corrections, DEFAULT_THRESHOLD);
  return { 'train.csv': csv(trainCsv(field, locations)), 'truth.csv': csv(truthCsv(field, locations)) };
}

function csv(text: string): Blob {
  return new Blob([text], { type: 'text/csv' });
}

function json(document: unknown): Blob {
  return new Blob([JSON.stringify(document)], { type: 'application/json' });
}

/** Hands a file to the user. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

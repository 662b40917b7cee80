import { join } from 'node:path';
import { LOCATIONS } from '../common/index.js';
import { readLabelPng, readTable, type TableRow } from '../io/index.js';
import { encodeLabelImage } from '../masks/index.js';
import type { Detection } from '../scoring/index.js';
import type { PredictedImage } from './predictions.js';
import { fieldFolders } from './truth-folder.js';

/**
 * A folder written by `predict`: `ID/cells.png`, and the scores of `cells.csv` where locations are asked for.
 * @throws InputError `score`, `cell`, and what `readTable` and `readLabelPng` throw
 */
export async function* readPredictionFolder(
  folder: string,
  withScores: boolean,
): AsyncGenerator<PredictedImage> {
  const scores = withScores ? await readCellScores(folder) : null;
  for (const id of await fieldFolders(folder)) {
    yield {
      id,
      async read() {
        const labels = await readLabelPng(join(folder, id, 'cells.png'));
        const cells = [...encodeLabelImage(labels)];
        const ofField = scores?.get(id);
        const detections = cells.flatMap(([label], instance) =>
          Array.from(
            ofField?.get(label) ?? [],
            (score, classId): Detection => ({ instance, classId, score }),
          ),
        );
        return {
          width: labels.width,
          height: labels.height,
          masks: cells.map(([, mask]) => mask),
          detections,
        };
      },
    };
  }
}

/** Scores of predicted cells by field, then cell number. */
export type CellScores = ReadonlyMap<string, ReadonlyMap<number, Float32Array>>;

/**
 * The scores in a folder's `cells.csv`.
 * @throws InputError `score`, `cell`, and what `readTable` throws
 */
export async function readCellScores(folder: string): Promise<CellScores> {
  const table = await readTable(join(folder, 'cells.csv'), ['field', 'cell', ...LOCATIONS]);
  const fields = new Map<string, Map<number, Float32Array>>();
  for (const row of table.rows) {
    const field = row.get('field');
    const cells = fields.get(field) ?? new Map<number, Float32Array>();
    cells.set(
      numberIn(row, 'cell', 'cell'),
      Float32Array.from(LOCATIONS, (name) => numberIn(row, name, 'score')),
    );
    fields.set(field, cells);
  }
  return fields;
}

function numberIn(row: TableRow, column: string, code: string): number {
  const text = row.get(column);
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw row.error(code, `${column} is "${text}", expected a number`);
}

import { InputError } from '../common/index.js';
import { parseCsv, readHead } from '../io/index.js';

/** What truth and predictions may be given as. */
export type EvaluationFormat = 'folder' | 'coco' | 'coco-results' | 'submission' | 'labels';

/**
 * Tells by its beginning what a path holds: a folder; a COCO data set or results (JSON object or list); a CSV file in the
 * competition's submission format; a CSV file with labels of whole images.
 * @throws InputError `file-missing`, `file-unreadable`, `file-empty`, `evaluation-format`
 */
export async function formatOf(path: string): Promise<EvaluationFormat> {
  const head = await readHead(path);
  if (head === null) return 'folder';
  const first = head.replace(/^\uFEFF/, '').trimStart()[0];
  if (first === '{') return 'coco';
  if (first === '[') return 'coco-results';
  const columns = parseCsv(head.split('\n', 1)[0]).records[0]?.fields.map((name) =>
    name.trim().toLowerCase(),
  );
  if (columns?.includes('predictionstring')) return 'submission';
  if (columns?.includes('id') && ['label', 'target', 'predicted'].some((name) => columns.includes(name))) {
    return 'labels';
  }
  throw new InputError(
    'evaluation-format',
    `${path}: begins with ${JSON.stringify(head.slice(0, 40))}; expected a folder with label images, a COCO file, ` +
      'a CSV file with the columns ID,ImageWidth,ImageHeight,PredictionString, or one with ID,Label (Id,Target)',
  );
}

import { InputError, LOCATIONS, locationIndex } from '../common/index.js';
import { createSession, withOnnxMetadata } from '../engine/index.js';
import type { Channel } from '../imaging/index.js';
import { loadRuntime, readInputFile, readTable, writeFileAtomic } from '../io/index.js';
import {
  checkExport,
  encodeImportedDetector,
  FORMAT_VERSION,
  IMPORTED_DETECTOR,
  PLAIN_INTENSITIES,
} from '../networks/index.js';

export interface DetectorImport {
  /** ONNX file of another tool. */
  readonly model: string;
  readonly out: string;
  readonly channels: readonly Channel[];
  /** CSV file `label,location` with the location behind each label; null: label = class id + 1, as in our COCO files. */
  readonly labels: string | null;
  readonly pixelSizeUm: number;
}

/**
 * Writes another tool's Mask R-CNN, whose inputs and outputs are those of torchvision's export, as a detector that `predict`
 * can use: the same network with what its labels and its input mean in the file's properties.
 * @throws InputError `file-*`, `label-table`, and what `readTable` and `locationIndex` throw; ModelError `model-outputs`,
 *   `graph-rejected`, `model-unreadable`
 */
export async function importDetector(options: DetectorImport): Promise<void> {
  const { model, out, channels, pixelSizeUm } = options;
  const bytes = await readInputFile(model);
  const labels = options.labels === null ? [...LOCATIONS] : await readLabelTable(options.labels);
  const session = await createSession(await loadRuntime(), bytes);
  try {
    checkExport(session, channels.length);
  } finally {
    await session.release();
  }
  const properties = encodeImportedDetector({
    ...{
      kind: IMPORTED_DETECTOR,
      formatVersion: FORMAT_VERSION,
      channels: [...channels],
      labels,
      pixelSizeUm,
    },
    normalisation: PLAIN_INTENSITIES,
  });
  await writeFileAtomic(out, withOnnxMetadata(bytes, properties));
}

async function readLabelTable(path: string): Promise<((typeof LOCATIONS)[number] | null)[]> {
  const labels: ((typeof LOCATIONS)[number] | null)[] = [];
  for (const row of (await readTable(path, ['label', 'location'])).rows) {
    const label = Number(row.get('label'));
    if (!Number.isInteger(label) || label < 1) {
      throw row.error('label-table', `label is "${row.get('label')}", expected a whole number from 1 on`);
    }
    while (labels.length < label) labels.push(null);
    labels[label - 1] = LOCATIONS[locationIndex(row.get('location'))];
  }
  if (labels.length > 0) return labels;
  throw new InputError('label-table', `${path}: has no row; expected label,location`);
}

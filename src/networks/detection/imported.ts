import type { InferenceSession, OnnxValue } from 'onnxruntime-common';
import { LOCATIONS, ModelError } from '../../common/index.js';
import { createSession, type Runtime, readOnnxMetadata } from '../../engine/index.js';
import { boxIou } from './boxes.js';
import type { Detection, Detector } from './detector.js';
import { decodeImportedDetector, type ImportedDetectorMetadata } from './imported-metadata.js';
import { MASK_SIZE } from './model.js';

/** Detections of several labels whose boxes overlap more than this are one cell at several locations. */
const SAME_CELL_OVERLAP = 0.7;
/** What torchvision's export answers with, in this order whatever the names: boxes, labels, scores, masks. */
const OUTPUT_RANKS = [2, 1, 1, 4];

/**
 * Opens a Mask R-CNN of torchvision's export: one image [C, H, W] (or [1, C, H, W]) in; boxes [N, 4], labels [N], scores
 * [N] and mask probabilities [N, 1, H, W] out, in the picture's pixels.
 * @throws ModelError `graph-rejected`, `model-outputs`, and what `decodeImportedDetector` throws
 */
export async function loadImportedDetector(runtime: Runtime, bytes: Uint8Array): Promise<Detector> {
  const metadata = decodeImportedDetector(readOnnxMetadata(bytes));
  const session = await createSession(runtime, bytes);
  const rank = checkExport(session, metadata.channels.length);
  const [input] = session.inputNames;
  return {
    metadata,
    async detect(planes) {
      const [{ width, height }] = planes;
      const image = new Float32Array(planes.length * width * height);
      planes.forEach(({ data }, c) => {
        image.set(data, c * width * height);
      });
      const shape = [planes.length, height, width];
      const tensor = new runtime.Tensor('float32', image, rank === 3 ? shape : [1, ...shape]);
      const results = await session.run({ [input]: tensor });
      const [boxes, labels, scores, masks] = session.outputNames.map((name) => results[name]);
      return joinCells(
        metadata,
        floats(boxes),
        numbers(labels),
        floats(scores),
        floats(masks),
        width,
        height,
      );
    },
    release: () => session.release(),
  };
}

/**
 * Whether a network's inputs and outputs are those of torchvision's export.
 * @returns axes of its input
 * @throws ModelError `model-outputs`
 */
export function checkExport(
  session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>,
  channels: number,
): 3 | 4 {
  const describe = (infos: InferenceSession['inputMetadata']) =>
    infos.map((info) => `${info.name} [${info.isTensor ? info.shape.join(', ') : ''}]`).join(', ');
  const [image] = session.inputMetadata;
  const shape = image?.isTensor ? image.shape : [];
  const outputs = session.outputMetadata.map((info) => (info.isTensor ? info.shape.length : 0));
  const fits =
    session.inputMetadata.length === 1 &&
    (shape.length === 3 || shape.length === 4) &&
    (shape.at(-3) === channels || typeof shape.at(-3) === 'string') &&
    outputs.join() === OUTPUT_RANKS.join();
  if (fits) return shape.length === 3 ? 3 : 4;
  throw new ModelError(
    'model-outputs',
    `the network has the inputs ${describe(session.inputMetadata)} and the outputs ${describe(session.outputMetadata)}; ` +
      `expected those of torchvision's export: one image [${channels}, height, width], and boxes [N, 4], labels [N], scores [N], masks [N, 1, height, width]`,
  );
}

function floats(value: OnnxValue): Float32Array {
  if (value.data instanceof Float32Array) return value.data;
  throw new ModelError('output-type', `an output of the network is of type ${value.type}, expected float32`);
}

function numbers(value: OnnxValue): number[] {
  if (ArrayBuffer.isView(value.data)) return Array.from(value.data as ArrayLike<number | bigint>, Number);
  throw new ModelError('output-type', `labels are of type ${value.type}, expected whole numbers`);
}

/** One cell of the detections, most certain first, that lie on each other under several labels. */
function joinCells(
  metadata: ImportedDetectorMetadata,
  boxes: Float32Array,
  labels: readonly number[],
  certainties: Float32Array,
  masks: Float32Array,
  width: number,
  height: number,
): Detection[] {
  const cells: { readonly index: number; readonly detection: Detection }[] = [];
  const order = labels.map((_, i) => i).sort((a, b) => certainties[b] - certainties[a]);
  for (const i of order) {
    const name = metadata.labels[labels[i] - 1] ?? null;
    if (name === null) continue;
    const location = LOCATIONS.indexOf(name);
    const known = cells.find(({ index }) => boxIou(boxes, i, boxes, index) > SAME_CELL_OVERLAP);
    const scores = known?.detection.scores ?? new Float32Array(LOCATIONS.length);
    scores[location] = Math.max(scores[location], certainties[i]);
    if (known) continue;
    const box = Array.from(boxes.subarray(4 * i, 4 * i + 4)) as [number, number, number, number];
    const full = masks.subarray(i * width * height, (i + 1) * width * height);
    const detection: Detection = {
      ...{ box, certainty: certainties[i], scores },
      ...{ maskSize: MASK_SIZE, mask: binMask(full, box, width, height) },
    };
    cells.push({ index: i, detection });
  }
  return cells.map(({ detection }) => detection);
}

/** A picture's mask in the bins of its box: what lies under each bin's centre. */
function binMask(
  full: Float32Array,
  box: readonly [number, number, number, number],
  width: number,
  height: number,
): Float32Array {
  const mask = new Float32Array(MASK_SIZE * MASK_SIZE);
  for (let v = 0, at = 0; v < MASK_SIZE; v++) {
    const y = Math.floor(box[1] + ((v + 0.5) * (box[3] - box[1])) / MASK_SIZE);
    for (let u = 0; u < MASK_SIZE; u++, at++) {
      const x = Math.floor(box[0] + ((u + 0.5) * (box[2] - box[0])) / MASK_SIZE);
      if (x >= 0 && y >= 0 && x < width && y < height) mask[at] = full[y * width + x];
    }
  }
  return mask;
}

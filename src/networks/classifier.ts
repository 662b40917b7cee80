import type { InferenceSession } from 'onnxruntime-common';
import { LOCATIONS, ModelError } from '../common/index.js';
import { createSession, type Runtime, readOnnxMetadata } from '../engine/index.js';
import { type ClassifierMetadata, decodeMetadata } from './metadata.js';

/** A trained network that says where a cell's protein is. */
export interface Classifier {
  readonly metadata: ClassifierMetadata;
  /**
   * Scores of `count` crops, cut with `metadata.crop`, one after the other: count x 19, each in [0, 1].
   * @throws ModelError `crops-size` when the array is not of count crops
   */
  classify(crops: Float32Array, count: number): Promise<Float32Array>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/**
 * Crops that go through a network together on a CPU: what a layer leaves of so many stays in the caches until the next one reads it. Of 1 to 32,
 * 4 and 8 were fastest for the shipped network, 1.2 times as fast as 32 (docs/benchmarks.md, classify).
 */
const CROPS_AT_ONCE = 8;

/**
 * Opens a classifier's ONNX file.
 * @throws ModelError `model-unreadable` (no ONNX), `model-metadata-missing`, `model-kind`, `model-version`,
 *   `model-metadata`, `model-classes`, `model-shape` (input or output do not fit the metadata), `graph-rejected`
 */
export async function loadClassifier(runtime: Runtime, modelBytes: Uint8Array): Promise<Classifier> {
  const metadata = decodeMetadata(readOnnxMetadata(modelBytes));
  const session = await createSession(runtime, modelBytes);
  try {
    checkShapes(session, metadata);
  } catch (error) {
    await session.release();
    throw error;
  }
  const { channels, sizePx } = metadata.crop;
  const cropLength = channels.length * sizePx ** 2;
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  return {
    metadata,
    async classify(crops, count) {
      if (crops.length !== count * cropLength) {
        throw new ModelError(
          'crops-size',
          `classifier: ${count} crops of ${channels.length}x${sizePx}x${sizePx} need ` +
            `${count * cropLength} numbers, got ${crops.length}`,
        );
      }
      const scores = new Float32Array(count * LOCATIONS.length);
      const atOnce = runtime.device === 'cpu' ? CROPS_AT_ONCE : count;
      for (let start = 0; start < count; start += atOnce) {
        const size = Math.min(atOnce, count - start);
        const some = crops.subarray(start * cropLength, (start + size) * cropLength);
        const tensor = new runtime.Tensor('float32', some, [size, channels.length, sizePx, sizePx]);
        const { data } = (await session.run({ [input]: tensor }))[output];
        if (!(data instanceof Float32Array)) {
          throw new ModelError('model-shape', `the network's output "${output}" is not of type float32`);
        }
        scores.set(data, start * LOCATIONS.length);
      }
      return scores;
    },
    release: () => session.release(),
  };
}

/** The file's one input must be crops [N, channels, size, size] and its one output scores [N, classes]. */
function checkShapes(session: InferenceSession, { crop }: ClassifierMetadata): void {
  check('input', session.inputMetadata, [crop.channels.length, crop.sizePx, crop.sizePx]);
  check('output', session.outputMetadata, [LOCATIONS.length]);
}

function check(
  what: string,
  values: readonly InferenceSession.ValueMetadata[],
  expected: readonly number[],
): void {
  const found = values.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : value.name,
  );
  const [value] = values;
  const fits =
    values.length === 1 &&
    value.isTensor &&
    value.type === 'float32' &&
    value.shape.length === expected.length + 1 &&
    // A size that the file leaves open is a name here, and fits.
    expected.every((size, i) => value.shape[i + 1] === size || typeof value.shape[i + 1] === 'string');
  if (fits) return;
  throw new ModelError(
    'model-shape',
    `the network's ${what} is ${found.join(' and ') || 'missing'}; its metadata ask for one of float32 [N, ${expected.join(', ')}]`,
  );
}

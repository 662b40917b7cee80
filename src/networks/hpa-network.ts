/**
 * The networks of HPA-Cell-Segmentation (CellProfiling, Apache-2.0), exported to ONNX: input [1, 3, height, width], output
 * [1, 3, height, width], planes background, border, body.
 */
import { ModelError } from '../common/index.js';
import { loadModel, type Runtime } from '../engine/index.js';
import type { FloatPlane } from '../imaging/index.js';

/** Fractions that sum to 1 at each pixel: what is left is background. */
export interface HpaMaps {
  readonly border: FloatPlane;
  readonly body: FloatPlane;
}

export interface HpaNetwork {
  /** Maps of three planes of one size, in [0, 1] of full scale. */
  run(planes: readonly [FloatPlane, FloatPlane, FloatPlane]): Promise<HpaMaps>;
  release(): Promise<void>;
}

/** Its pretrained encoder's normalisation. */
const MEAN = [0.48627, 0.45882, 0.40784];
const SD = 0.234824;
/** Padding by reflection before and, at least, after. */
const PAD_PX = 32;

/**
 * @throws ModelError `model-unreadable`, `graph-rejected`, `model-shape` where input or output have not three planes
 */
export async function loadHpaNetwork(runtime: Runtime, modelBytes: Uint8Array): Promise<HpaNetwork> {
  const model = await loadModel(runtime, modelBytes);
  for (const [what, tensors] of [
    ['input', model.inputs],
    ['output', model.outputs],
  ] as const) {
    const [tensor] = tensors;
    if (
      tensors.length === 1 &&
      tensor.shape.length === 4 &&
      (tensor.shape[1] === 3 || typeof tensor.shape[1] === 'string')
    )
      continue;
    await model.release();
    throw new ModelError(
      'model-shape',
      `the network's ${what} is ${tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(' and ') || 'missing'}; ` +
        'HPA-Cell-Segmentation has one of [N, 3, height, width]',
    );
  }
  const [{ name: input }] = model.inputs;
  const [{ name: output }] = model.outputs;
  return {
    async run(planes) {
      const [{ width, height }] = planes;
      const padded = { width: paddedLength(width), height: paddedLength(height) };
      const data = padPlanes(planes, padded);
      const results = await model.run({ [input]: { shape: [1, 3, padded.height, padded.width], data } });
      return cutMaps(results[output].data, padded, width, height);
    },
    release: () => model.release(),
  };
}

/** 32 before, and 32 and what is missing to a multiple of 32 after. */
function paddedLength(n: number): number {
  return n + 2 * PAD_PX + (32 - (n % 32));
}

function padPlanes(
  planes: readonly FloatPlane[],
  padded: { readonly width: number; readonly height: number },
): Float32Array {
  const area = padded.width * padded.height;
  const data = new Float32Array(planes.length * area);
  planes.forEach((plane, c) => {
    const columns = Int32Array.from({ length: padded.width }, (_, x) => reflected(x - PAD_PX, plane.width));
    for (let y = 0; y < padded.height; y++) {
      const row = reflected(y - PAD_PX, plane.height) * plane.width;
      const target = c * area + y * padded.width;
      for (let x = 0; x < padded.width; x++) data[target + x] = (plane.data[row + columns[x]] - MEAN[c]) / SD;
    }
  });
  return data;
}

/** Index mirrored at both ends, the edge not repeated. */
function reflected(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

function cutMaps(
  output: Float32Array,
  padded: { readonly width: number; readonly height: number },
  width: number,
  height: number,
): HpaMaps {
  const area = padded.width * padded.height;
  if (!areFractions(output, area)) softmax(output, area);
  const cut = (map: number): FloatPlane => {
    const data = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      const from = map * area + (y + PAD_PX) * padded.width + PAD_PX;
      data.set(output.subarray(from, from + width), y * width);
    }
    return { width, height, bitDepth: 32, data };
  };
  return { border: cut(1), body: cut(2) };
}

/** Some exports end before the softmax: planes that do not sum to 1 everywhere are logits. */
function areFractions(output: Float32Array, area: number): boolean {
  for (let i = 0; i < area; i++) {
    const [a, b, c] = [output[i], output[i + area], output[i + 2 * area]];
    if (Math.min(a, b, c) < 0 || Math.abs(a + b + c - 1) > 1e-3) return false;
  }
  return true;
}

function softmax(output: Float32Array, area: number): void {
  for (let i = 0; i < area; i++) {
    const most = Math.max(output[i], output[i + area], output[i + 2 * area]);
    let sum = 0;
    for (let k = i; k < 3 * area; k += area) {
      output[k] = Math.exp(output[k] - most);
      sum += output[k];
    }
    for (let k = i; k < 3 * area; k += area) output[k] /= sum;
  }
}

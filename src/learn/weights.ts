/** Weights by name, and their seeded first values. */
import { createRandom, type Random } from '../common/index.js';
import { sizeOf } from '../engine/index.js';

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All weights and running statistics of a model: `LAYER.weight`, `.bias`, `.scale`, `.shift`, `.mean`, `.variance`. */
export type Weights = Readonly<Record<string, Weight>>;

/** How a weight begins and whether training changes it. */
export interface WeightInfo {
  readonly name: string;
  readonly shape: readonly number[];
  /** `heTransposed`: filters of a transposed convolution, whose first axis is the input. */
  readonly start: 'he' | 'heTransposed' | 'glorot' | 'zeros' | 'ones';
  /** `statistic`: follows the batches, without a gradient. `fixed`: of a frozen layer. */
  readonly role: 'trained' | 'statistic' | 'fixed';
  /** Whether weight decay applies: not for biases and normalisation. */
  readonly decays: boolean;
}

/**
 * First values: `he` normal with variance 2 / fan-in (He et al. 2015), `glorot` uniform within
 * sqrt(6 / (fan-in + fan-out)) (Glorot & Bengio 2010). A weight's numbers depend on the seed and its place in the list
 * only; the same seed gives the same bits.
 */
export function drawWeights(infos: readonly WeightInfo[], seed: number): Weights {
  const random = createRandom(seed);
  return Object.fromEntries(
    infos.map((info, index) => [info.name, { shape: info.shape, data: draw(info, random.fork(index)) }]),
  );
}

function draw({ shape, start }: WeightInfo, random: Random): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  if (start === 'zeros') return data;
  if (start === 'ones') return data.fill(1);
  const receptive = sizeOf(shape.slice(2));
  const fanIn = shape[start === 'heTransposed' ? 0 : 1] * receptive;
  const fanOut = shape[0] * receptive;
  const sd = Math.sqrt(2 / fanIn);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  for (let i = 0; i < data.length; i++)
    data[i] = start === 'glorot' ? random.range(-limit, limit) : random.normal(0, sd);
  return data;
}

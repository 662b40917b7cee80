import { createRandom } from '../../src/common/index.js';
import {
  compileGraph,
  createGraph,
  gradients,
  graphInput,
  mul,
  type Runtime,
  type Shape,
  sizeOf,
  sum,
  type Value,
} from '../../src/engine/index.js';

export interface CheckOptions {
  readonly seed?: number;
  /** Makes the numbers of input i; standard normal where absent. */
  readonly fill?: (index: number, random: () => number, position: number) => number;
  /** Half the distance of the central difference. */
  readonly epsilon?: number;
  /** Inputs whose gradient is not asked for. */
  readonly constants?: readonly number[];
}

/**
 * Largest relative difference, over the inputs, between the symbolic gradient of sum(result r), r fixed random
 * numbers, and central differences of it: |difference| / (|gradient| + |numeric|), Euclidean norms. The differences of
 * the result are summed in double precision, so that only the operator's own rounding remains.
 */
export async function gradientError(
  runtime: Runtime,
  shapes: readonly Shape[],
  build: (inputs: Value[]) => Value,
  options: CheckOptions = {},
): Promise<number> {
  const { seed = 1, epsilon = 1e-2, constants = [] } = options;
  const random = createRandom(seed);
  const fill = options.fill ?? ((_, normal) => normal());
  const graph = createGraph();
  const inputs = shapes.map((shape, index) => graphInput(graph, `x${index}`, shape));
  const result = build(inputs);
  const weights = graphInput(graph, 'r', result.shape);
  const wanted = inputs.filter((_, index) => !constants.includes(index));
  const slopes = gradients(sum(mul(result, weights)), wanted);
  const feeds: Record<string, Float32Array> = {};
  shapes.forEach((shape, index) => {
    feeds[`x${index}`] = Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
      fill(index, random.normal, i),
    );
  });
  const r = Float32Array.from({ length: sizeOf(result.shape) }, () => random.normal());
  const backward = await compileGraph(
    runtime,
    graph,
    Object.fromEntries(slopes.map((slope, index) => [`slope${index}`, slope])),
  );
  const forward = await compileGraph(runtime, graph, { result });
  const symbolic = await backward.run({ ...feeds, r });
  let worst = 0;
  for (const [index, input] of wanted.entries()) {
    const data = feeds[input.name];
    let difference = 0;
    let size = 0;
    for (let i = 0; i < data.length; i++) {
      const x = data[i];
      data[i] = x + epsilon;
      const high = data[i];
      const above = (await forward.run(feeds)).result;
      data[i] = x - epsilon;
      const low = data[i];
      const below = (await forward.run(feeds)).result;
      data[i] = x;
      let change = 0;
      for (let k = 0; k < r.length; k++) change += r[k] * (above[k] - below[k]);
      const numeric = change / (high - low);
      const claimed = symbolic[`slope${index}`][i];
      difference += (numeric - claimed) ** 2;
      size += numeric ** 2 + claimed ** 2;
    }
    worst = Math.max(worst, Math.sqrt(difference / Math.max(size, 1e-12)));
  }
  await backward.release();
  await forward.release();
  return worst;
}

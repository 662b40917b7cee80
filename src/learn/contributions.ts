/** What each place of an image adds to an output of a network. */
import { ModelError } from '../common/index.js';
import {
  compileGraph,
  constant,
  createGraph,
  gradients,
  graphInput,
  mul,
  type Runtime,
  sizeOf,
  sum,
  type Value,
} from '../engine/index.js';
import { foldModel } from './fold.js';
import { buildNetwork } from './network.js';
import type { ModelSpec } from './spec.js';
import { readOnnxWeights } from './transfer.js';

export interface Contributions {
  /** Size of the maps: that of the network's last planes. */
  readonly width: number;
  readonly height: number;
  /**
   * One map a call, row by row: what each place adds to the chosen unit of the output, in the output's own units.
   * @param input one image, of the model's input shape
   * @param unit index of the output
   */
  map(input: Float32Array, unit: number): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Opens an exported network for explanation: activation times gradient of the last planes, summed over the channels
 * (HiResCAM: Draelos & Carin 2020, section 3.2). Where planes are pooled by their mean and weighed by one dense layer it is the
 * class activation map of Zhou et al. 2016.
 *
 * @param model what the file was exported from: one input, one output of [units]
 * @param bytes the exported file
 * @throws ModelError `explain-unsupported` where the file is not of this model, or no layer has planes
 */
export async function openContributions(
  runtime: Runtime,
  model: ModelSpec,
  bytes: Uint8Array,
): Promise<Contributions> {
  const folded = foldModel(model);
  const weights = new Map(readOnnxWeights(bytes).map((weight) => [weight.name, weight]));
  const graph = createGraph();
  const [{ name, shape }] = folded.model.inputs;
  const input = graphInput(graph, 'image', [1, ...shape]);
  const network = buildNetwork(
    {
      graph,
      mode: 'inference',
      weight(info) {
        const found = weights.get(info.name);
        if (found !== undefined && sizeOf(found.shape) === sizeOf(info.shape)) {
          return constant(graph, found.data, info.shape, info.name);
        }
        throw new ModelError(
          'explain-unsupported',
          `explanation: the file has no weight "${info.name}" of shape [${info.shape}], so it is no ${model.name} as this program builds it`,
        );
      },
      dropoutMask: (layer, maskShape) => graphInput(graph, `mask.${layer}`, maskShape),
    },
    folded.model,
    { [name]: input },
  );
  const planes = folded.model.layers.map((layer) => network.values[layer.name]).findLast(hasPlanes);
  if (planes === undefined) {
    throw new ModelError('explain-unsupported', `explanation: no layer of ${model.name} has planes`);
  }
  const output = network.values[folded.model.outputs[0]];
  const chosen = graphInput(graph, 'chosen', output.shape);
  const [gradient] = gradients(sum(mul(output, chosen)), [planes]);
  const program = await compileGraph(runtime, graph, { map: sum(mul(planes, gradient), { axes: [1] }) });
  const units = sizeOf(output.shape);
  return {
    width: planes.shape[3],
    height: planes.shape[2],
    async map(image, unit) {
      const choice = new Float32Array(units);
      choice[unit] = 1;
      return (await program.run({ image, chosen: choice })).map;
    },
    release: () => program.release(),
  };
}

function hasPlanes({ shape }: Value): boolean {
  return shape.length === 4 && shape[2] * shape[3] > 1;
}

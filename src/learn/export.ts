/** Networks as plain ONNX files that any tool can open. */
import { ModelError } from '../common/index.js';
import {
  constant,
  createGraph,
  graphInput,
  serializeGraph,
  sigmoid,
  softmax,
  type Value,
} from '../engine/index.js';
import { foldBatchNorms } from './fold.js';
import { buildNetwork } from './network.js';
import type { ModelSpec } from './spec.js';
import type { Weights } from './weights.js';

export interface ExportOptions {
  /** Written into the file's metadata properties; others than strings as JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Applied to every output, so that the file gives scores where the training had logits. @default 'none' */
  readonly activation?: 'none' | 'sigmoid' | 'softmax';
  /** Leaves height and width free: only for networks without dense layers. @default false */
  readonly freeSize?: boolean;
}

/**
 * The model as the bytes of an ONNX file: batch size free, batch normalisation folded into the convolutions before
 * it, no dropout. Inputs and outputs bear the names of the model's inputs and output layers.
 * @throws ModelError `weight-missing`, ModelError and ShapeError as `buildNetwork`
 */
export function exportOnnx(model: ModelSpec, weights: Weights, options: ExportOptions = {}): Uint8Array {
  const folded = foldBatchNorms(model, weights);
  const graph = createGraph();
  const free = (shape: readonly number[]): Record<number, string> =>
    options.freeSize && shape.length === 4 ? { 0: 'batch', 2: 'height', 3: 'width' } : { 0: 'batch' };
  const inputs = Object.fromEntries(
    folded.model.inputs.map(({ name, shape, rows }) => {
      const full = [1, ...shape];
      const freeAxes = rows === undefined ? free(full) : { 0: `${name}_rows` };
      return [name, graphInput(graph, name, full, { freeAxes })];
    }),
  );
  const constants = new Map<string, Value>();
  const network = buildNetwork(
    {
      graph,
      mode: 'inference',
      weight({ name, shape }) {
        const weight = folded.weights[name];
        if (!weight) throw new ModelError('weight-missing', `export: the weight "${name}" is missing`);
        const value = constants.get(name) ?? constant(graph, weight.data, shape, name);
        constants.set(name, value);
        return value;
      },
      dropoutMask: (layer, shape) => graphInput(graph, `mask.${layer}`, shape),
    },
    folded.model,
    inputs,
  );
  const finish = (value: Value): Value =>
    options.activation === 'sigmoid'
      ? sigmoid(value)
      : options.activation === 'softmax'
        ? softmax(value, 1)
        : value;
  const outputs = Object.fromEntries(
    model.outputs.map((name) => {
      const value = finish(network.values[folded.renamed[name] ?? name]);
      const rows = folded.model.inputs.some((input) => input.rows !== undefined) ? `${name}_rows` : 'batch';
      const size: Record<number, string> =
        value.shape.length === 4 ? { 2: `${name}_height`, 3: `${name}_width` } : { 1: `${name}_size` };
      return [name, { value, freeAxes: options.freeSize ? { 0: rows, ...size } : { 0: 'batch' } }];
    }),
  );
  const metadata = Object.fromEntries(
    Object.entries(options.metadata ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return serializeGraph(graph, { name: model.name, outputs, metadata });
}

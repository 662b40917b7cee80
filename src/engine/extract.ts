/** A part of an ONNX file as a file of its own. */
import onnxProto, { type onnx } from 'onnx-proto';
import { ModelError } from '../common/index.js';
import { decodeModel } from './serialize.js';

const { ModelProto, TensorProto } = onnxProto.onnx;

/**
 * The nodes between some values of an ONNX file, as the bytes of a file: values named in `inputs` (with their shapes; a
 * name where an axis is free) are fed, whatever computes them is left out.
 * @throws ModelError `model-unreadable`; `model-part` where an output is not there
 */
export function extractModel(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, readonly (number | string)[]>>,
  outputs: readonly string[],
): Uint8Array {
  const { graph, ...model } = decodeModel(bytes);
  if (!graph) throw new ModelError('model-unreadable', 'the file is not an ONNX model: it holds no graph');
  const nodes = graph.node ?? [];
  // An output of the file is the identity of an inner value: who reads that one reads the input in its place.
  const renamed = new Map<string, string>();
  for (const { opType, input, output } of nodes) {
    if (opType === 'Identity' && output?.[0] !== undefined && output[0] in inputs)
      renamed.set(input![0], output[0]);
  }
  const used = new Set(outputs);
  const kept: onnx.INodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output?.some((name) => used.has(name) && !(name in inputs))) continue;
    const read = (node.input ?? []).map((name) => renamed.get(name) ?? name);
    for (const name of read) used.add(name);
    kept.push({ ...node, input: read });
  }
  const computed = new Set(kept.flatMap(({ output }) => output ?? []));
  const missing = outputs.find((name) => !computed.has(name));
  if (missing !== undefined) throw new ModelError('model-part', `the network has no output "${missing}"`);
  const info = (name: string, shape: readonly (number | string)[]): onnx.IValueInfoProto => ({
    name,
    type: {
      tensorType: {
        elemType: TensorProto.DataType.FLOAT,
        shape: {
          dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })),
        },
      },
    },
  });
  const part = {
    ...model,
    graph: {
      name: graph.name,
      node: kept.reverse(),
      initializer: (graph.initializer ?? []).filter(({ name }) => used.has(name ?? '')),
      input: Object.entries(inputs).flatMap(([name, shape]) => (used.has(name) ? [info(name, shape)] : [])),
      output: (graph.output ?? []).filter(({ name }) => outputs.includes(name ?? '')),
    },
  };
  return ModelProto.encode(ModelProto.create(part)).finish();
}

/** Another first operator for a network's file. */
import onnxProto from 'onnx-proto';
import { decodeModel } from './serialize.js';

const { ModelProto, NodeProto, TensorProto } = onnxProto.onnx;

/**
 * The network with its first input raised to a power before all else, and the version of ONNX's operators that it uses.
 * @throws ModelError `model-unreadable`
 */
export function withInputPower(
  modelBytes: Uint8Array,
  exponent: number,
): { bytes: Uint8Array; opset: number } {
  const model = decodeModel(modelBytes);
  const input = model.graph?.input ?? [];
  const node = model.graph?.node ?? [];
  const initializer = model.graph?.initializer ?? [];
  const name = input[0].name ?? '';
  const raised = `${name}_raised`;
  const power = `${name}_power`;
  const nodes = node.map((old) => ({
    ...old,
    input: old.input?.map((source) => (source === name ? raised : source)),
  }));
  const first = NodeProto.create({ opType: 'Pow', name: raised, input: [name, power], output: [raised] });
  const value = TensorProto.create({
    name: power,
    dataType: TensorProto.DataType.FLOAT,
    dims: [],
    floatData: [exponent],
  });
  const graph = { ...model.graph, node: [first, ...nodes], initializer: [...initializer, value] };
  const bytes = ModelProto.encode(ModelProto.create({ ...model, graph })).finish();
  const opset = model.opsetImport?.find(({ domain }) => !domain)?.version ?? 0;
  return { bytes, opset: Number(opset) };
}

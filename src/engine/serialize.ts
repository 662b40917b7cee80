/** Graphs as ONNX files: protobuf through `onnx-proto`. */
import onnxProto, { type onnx } from 'onnx-proto';
import { ModelError } from '../common/index.js';
import type { Attribute, DataType, Graph, TensorData, Value } from './graph.js';

const { ModelProto, AttributeProto, TensorProto } = onnxProto.onnx;

/** Operator set 17 (2022) holds all that is used here and is read by every ONNX tool since. */
const OPSET = 17;
/** IR version that goes with it (ONNX 1.12). */
const IR_VERSION = 8;

const DATA_TYPES: Record<DataType, number> = {
  float32: TensorProto.DataType.FLOAT,
  uint8: TensorProto.DataType.UINT8,
  int32: TensorProto.DataType.INT32,
  int64: TensorProto.DataType.INT64,
  bool: TensorProto.DataType.BOOL,
};

export interface SerializeOptions {
  readonly name: string;
  /** Outputs by the name they shall have in the file; axes named in `freeAxes` have no fixed size. */
  readonly outputs: Readonly<Record<string, { value: Value; freeAxes?: Readonly<Record<number, string>> }>>;
  /** Written into the file's own metadata properties. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly producerVersion?: string;
}

/** The graph's nodes that the outputs need, as the bytes of an ONNX file. */
export function serializeGraph(graph: Graph, options: SerializeOptions): Uint8Array {
  const outputs = Object.entries(options.outputs);
  const { nodes, used } = liveNodes(
    graph,
    outputs.map(([, { value }]) => value.name),
  );
  const identities = outputs.map(([name, { value }]) => ({
    opType: 'Identity',
    name,
    input: [value.name],
    output: [name],
  }));
  const domains = new Set(nodes.map(({ domain }) => domain));
  const model = ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'cytolocus',
    producerVersion: options.producerVersion ?? '',
    opsetImport: [
      { domain: '', version: OPSET },
      ...[...domains].filter((domain) => domain !== '').map((domain) => ({ domain, version: 1 })),
    ],
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: options.name,
      node: [
        ...nodes.map((node) => ({
          opType: node.op,
          name: node.outputs[0],
          domain: node.domain,
          input: [...node.inputs],
          output: [...node.outputs],
          attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
        })),
        ...identities,
      ],
      initializer: graph.constants
        .filter(({ value }) => used.has(value.name))
        .map(({ value, data }) => encodeTensor(value, data)),
      input: graph.inputs
        .filter(({ value }) => used.has(value.name))
        .map(({ value, freeAxes }) => encodeInfo(value.name, value, freeAxes)),
      output: outputs.map(([name, { value, freeAxes }]) => encodeInfo(name, value, freeAxes ?? {})),
    },
  });
  return ModelProto.encode(model).finish();
}

/** Nodes in order that the named values depend on, and the names of all values they read. */
function liveNodes(graph: Graph, wanted: readonly string[]) {
  const used = new Set(wanted);
  const nodes = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.outputs.some((name) => used.has(name))) continue;
    for (const name of node.inputs) used.add(name);
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), used };
}

function encodeAttribute(name: string, value: Attribute): onnx.IAttributeProto {
  const types = AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: types.INT, i: value };
  if (typeof value === 'string') return { name, type: types.STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: types.FLOAT, f: value.float };
  return { name, type: types.INTS, ints: [...value] };
}

function encodeTensor(value: Value, data: TensorData): onnx.ITensorProto {
  return {
    name: value.name,
    dims: [...value.shape],
    dataType: DATA_TYPES[value.type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function encodeInfo(
  name: string,
  value: Value,
  freeAxes: Readonly<Record<number, string>>,
): onnx.IValueInfoProto {
  const dim = value.shape.map((size, axis) =>
    axis in freeAxes ? { dimParam: freeAxes[axis] } : { dimValue: size },
  );
  return { name, type: { tensorType: { elemType: DATA_TYPES[value.type], shape: { dim } } } };
}

/**
 * The metadata properties of an ONNX file.
 * @throws ModelError `model-unreadable`
 */
export function readOnnxMetadata(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    decodeModel(bytes).metadataProps.map(({ key, value }) => [key ?? '', value ?? '']),
  );
}

/**
 * The ONNX file with other metadata properties; all else stays.
 * @throws ModelError `model-unreadable`
 */
export function withOnnxMetadata(
  bytes: Uint8Array,
  properties: Readonly<Record<string, string>>,
): Uint8Array {
  const model = decodeModel(bytes);
  model.metadataProps = Object.entries(properties).map(([key, value]) => ({ key, value }));
  return ModelProto.encode(model).finish();
}

/** @throws ModelError `model-unreadable` */
export function decodeModel(bytes: Uint8Array): onnx.ModelProto {
  try {
    const model = ModelProto.decode(bytes);
    if (model.graph) return model;
  } catch (cause) {
    throw new ModelError('model-unreadable', 'the file is not an ONNX model', { cause });
  }
  throw new ModelError('model-unreadable', 'the file is not an ONNX model: it holds no graph');
}

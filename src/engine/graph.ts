/** The graph under construction: operators as plain records, values with shapes, and the tape of gradients. */
import { ShapeError } from '../common/index.js';

export type DataType = 'float32' | 'int64' | 'int32' | 'uint8' | 'bool';
export type Shape = readonly number[];
export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor of the graph: known by shape and type, computed when the compiled program runs. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape;
}

/** An attribute of an ONNX operator: a bare number is an integer; `float` marks the others. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  /** Empty for standard ONNX, else e.g. `com.microsoft`. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface GraphInput {
  readonly value: Value;
  /** Names of the axes whose size may differ from the value's shape when the program runs. */
  readonly freeAxes: Readonly<Record<number, string>>;
}

export interface Constant {
  readonly value: Value;
  readonly data: TensorData;
}

/**
 * Gradient of one operator: from the gradients of its outputs (null where nothing depends on one) to those of its
 * inputs. `needed[i]` is false where nobody asks for input i: return null there and spare the work.
 */
export type GradientRule = (
  outputGradients: readonly (Value | null)[],
  needed: readonly boolean[],
) => readonly (Value | null)[];

export interface TapeEntry {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly gradient: GradientRule;
}

export interface Graph {
  readonly nodes: GraphNode[];
  readonly inputs: GraphInput[];
  readonly constants: Constant[];
  readonly tape: TapeEntry[];
  /** Small constants by content, so that each is stored once. */
  readonly sharedConstants: Map<string, Value>;
  /** Channels in a block of the runtime's blocked layout, which convolutions then use; 0: the graph runs anywhere. */
  readonly blockSize: number;
  /** Values in the blocked layout by the name of the plain ones. */
  readonly blocked: Map<string, Value>;
}

/**
 * An empty graph. Operators find it through their inputs.
 * @param options.blockSize of the runtime that shall run it (`Runtime.blockSize`). @default 0: for any runtime
 */
export function createGraph({ blockSize = 0 }: { blockSize?: number } = {}): Graph {
  return {
    nodes: [],
    inputs: [],
    constants: [],
    tape: [],
    sharedConstants: new Map(),
    blockSize,
    blocked: new Map(),
  };
}

/**
 * A value that is fed when the program runs.
 * @param freeAxes names of axes of free size, e.g. `{ 0: 'batch' }`; their size in `shape` is then only nominal.
 * @throws ShapeError `duplicate-input`
 */
export function graphInput(
  graph: Graph,
  name: string,
  shape: Shape,
  options: { type?: DataType; freeAxes?: Readonly<Record<number, string>> } = {},
): Value {
  if (graph.inputs.some(({ value }) => value.name === name)) {
    throw new ShapeError('duplicate-input', `graph: there is already an input named "${name}"`);
  }
  const value: Value = { graph, name, type: options.type ?? 'float32', shape: [...shape] };
  graph.inputs.push({ value, freeAxes: options.freeAxes ?? {} });
  return value;
}

/** Float constant of the given shape (`[]` for a scalar), stored in the graph. */
export function constant(
  graph: Graph,
  data: Float32Array | readonly number[],
  shape: Shape,
  name?: string,
): Value {
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  if (floats.length !== sizeOf(shape)) {
    throw new ShapeError(
      'constant-size',
      `constant: shape [${shape}] needs ${sizeOf(shape)} numbers, got ${floats.length}`,
    );
  }
  if (name === undefined && floats.length <= 16) {
    return sharedConstant(graph, 'float32', floats, shape);
  }
  const value: Value = {
    graph,
    name: name ?? `const_${graph.constants.length}`,
    type: 'float32',
    shape: [...shape],
  };
  graph.constants.push({ value, data: floats });
  return value;
}

/** Float scalar. */
export function scalar(graph: Graph, number: number): Value {
  return constant(graph, [number], []);
}

/** 1-D int64 constant: axes, shapes, pads of ONNX operators. */
export function integers(graph: Graph, numbers: readonly number[]): Value {
  return sharedConstant(graph, 'int64', BigInt64Array.from(numbers, BigInt), [numbers.length]);
}

function sharedConstant(graph: Graph, type: DataType, data: TensorData, shape: Shape): Value {
  const key = `${type}[${shape}]${data.join()}`;
  const known = graph.sharedConstants.get(key);
  if (known) return known;
  const value: Value = { graph, name: `const_${graph.constants.length}`, type, shape: [...shape] };
  graph.constants.push({ value, data });
  graph.sharedConstants.set(key, value);
  return value;
}

export interface OutputInfo {
  readonly shape: Shape;
  readonly type?: DataType;
}

/** Appends an ONNX operator with several outputs; a null input is an optional one left out. */
export function emitAll(
  graph: Graph,
  op: string,
  inputs: readonly (Value | null)[],
  outputs: readonly OutputInfo[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): Value[] {
  const prefix = `${op}_${graph.nodes.length}`;
  const values = outputs.map(({ shape, type = 'float32' }, index): Value => {
    return { graph, name: outputs.length > 1 ? `${prefix}_${index}` : prefix, type, shape: [...shape] };
  });
  graph.nodes.push({
    op,
    domain,
    inputs: inputs.map((value) => value?.name ?? ''),
    outputs: values.map(({ name }) => name),
    attributes,
  });
  return values;
}

/** Appends an ONNX operator with one output. */
export function emit(
  graph: Graph,
  op: string,
  inputs: readonly (Value | null)[],
  output: OutputInfo,
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): Value {
  return emitAll(graph, op, inputs, [output], attributes, domain)[0];
}

/** Notes how gradients flow back through what was just emitted. */
export function record(inputs: readonly Value[], outputs: readonly Value[], gradient: GradientRule): void {
  outputs[0].graph.tape.push({ inputs, outputs, gradient });
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

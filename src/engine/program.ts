/** A compiled graph: an ONNX session with typed arrays going in and coming out. */
import type { InferenceSession, OnnxValue, Tensor } from 'onnxruntime-common';
import { ModelError, ShapeError } from '../common/index.js';
import { type DataType, type Graph, sizeOf, type TensorData, type Value } from './graph.js';
import type { Runtime } from './runtime.js';
import { serializeGraph } from './serialize.js';

export interface Program {
  /** Input names, with the shapes that are fed. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, Value>>;
  /**
   * Runs once. Feeds every input by name; outputs named in `into` are written to the given arrays, the others to new ones.
   * @throws ShapeError `feed-missing`, `feed-size`
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/**
 * Compiles the part of a graph that the outputs need. All shapes are those of the graph.
 * @throws ModelError `graph-rejected` if the runtime does not accept it
 */
export async function compileGraph(
  runtime: Runtime,
  graph: Graph,
  outputs: Readonly<Record<string, Value>>,
  options: InferenceSession.SessionOptions = {},
): Promise<Program> {
  const bytes = serializeGraph(graph, {
    name: 'program',
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])),
  });
  const session = await createSession(runtime, bytes, options);
  const inputs = Object.fromEntries(
    graph.inputs
      .filter(({ value }) => session.inputNames.includes(value.name))
      .map(({ value }) => [value.name, value]),
  );
  const tensor = (type: DataType, data: TensorData, value: Value): Tensor =>
    new runtime.Tensor(type, data, value.shape);
  return {
    inputs,
    outputs,
    async run(feeds, into = {}) {
      const tensors: Record<string, OnnxValue> = {};
      for (const [name, value] of Object.entries(inputs)) {
        const data = feeds[name];
        if (!data) throw new ShapeError('feed-missing', `run: nothing was fed for the input "${name}"`);
        if (data.length !== sizeOf(value.shape)) {
          throw new ShapeError(
            'feed-size',
            `run: input "${name}" has shape [${value.shape}] and needs ${sizeOf(value.shape)} numbers, got ${data.length}`,
          );
        }
        tensors[name] = tensor(value.type, data, value);
      }
      const fetches: Record<string, OnnxValue | null> = {};
      for (const [name, value] of Object.entries(outputs)) {
        const fills = runtime.fillsOutputs && into[name];
        fetches[name] = fills ? tensor(value.type, into[name], value) : null;
      }
      const results = await session.run(tensors, fetches);
      return Object.fromEntries(
        Object.keys(outputs).map((name) => {
          if (fetches[name] !== null) return [name, into[name]];
          const data = floatData(results[name], name);
          into[name]?.set(data);
          return [name, into[name] ?? data];
        }),
      );
    },
    release: () => session.release(),
  };
}

/** @throws ModelError `graph-rejected` */
export async function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, { ...runtime.sessionOptions, ...options });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError('graph-rejected', `the ONNX runtime rejects the network: ${reason}`, { cause });
  }
}

function floatData(result: OnnxValue, name: string): Float32Array {
  if (result.data instanceof Float32Array) return result.data;
  throw new ModelError('output-type', `output "${name}" is of type ${result.type}, expected float32`);
}

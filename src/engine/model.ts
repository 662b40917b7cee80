/** A network from a file, ready to be asked. */
import type { OnnxValue } from 'onnxruntime-common';
import { ModelError } from '../common/index.js';
import { sizeOf } from './graph.js';
import { createSession } from './program.js';
import type { Runtime } from './runtime.js';
import { readOnnxMetadata } from './serialize.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface TensorInfo {
  readonly name: string;
  /** Sizes; a name where an axis is free. */
  readonly shape: readonly (number | string)[];
}

export interface LoadedModel {
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Outputs by name, for float inputs by name.
   * @throws ModelError `model-input` where an input is missing or of another shape
   */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/**
 * Opens an ONNX file, ours or another tool's.
 * @throws ModelError `model-unreadable`, `graph-rejected`
 */
export async function loadModel(runtime: Runtime, bytes: Uint8Array): Promise<LoadedModel> {
  const metadata = readOnnxMetadata(bytes);
  const session = await createSession(runtime, bytes);
  const infos = (list: typeof session.inputMetadata): TensorInfo[] =>
    list.map((info) => ({ name: info.name, shape: info.isTensor ? info.shape : [] }));
  const inputs = infos(session.inputMetadata);
  const outputs = infos(session.outputMetadata);
  return {
    metadata,
    inputs,
    outputs,
    async run(tensors) {
      const feeds: Record<string, OnnxValue> = {};
      for (const { name, shape } of inputs) {
        const tensor = tensors[name];
        const fits =
          tensor?.shape.length === shape.length &&
          shape.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis]) &&
          tensor.data.length === sizeOf(tensor.shape);
        if (!fits) {
          throw new ModelError(
            'model-input',
            `model input "${name}" must have shape [${shape.join(', ')}], got ${tensor ? `[${tensor.shape.join(', ')}] with ${tensor.data.length} numbers` : 'nothing'}`,
          );
        }
        feeds[name] = new runtime.Tensor('float32', tensor.data, tensor.shape);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(
        outputs.map(({ name }): [string, Tensor] => {
          const { data, dims, type } = results[name];
          if (data instanceof Float32Array) return [name, { shape: dims, data }];
          throw new ModelError('output-type', `model output "${name}" is of type ${type}, expected float32`);
        }),
      );
    },
    release: () => session.release(),
  };
}

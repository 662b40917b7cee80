import { File, FS, Group, ready } from 'h5wasm/node';
import { InputError } from '../common/index.js';
import { readInputFile } from './file.js';

/** A weight as Keras keeps it: filters [h, w, in, out], dense [in, out]. */
export interface KerasWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The weights of a Keras HDF5 file, layer by layer in the model's order.
 * @throws InputError `keras-unreadable`; as `readInputFile`
 */
export async function readKerasWeights(path: string): Promise<KerasWeight[]> {
  const bytes = await readInputFile(path);
  // Told apart here: the library prints its own complaints.
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) throw unreadable(path, 'it is no HDF5 file');
  await ready;
  const name = 'weights.h5';
  FS!.writeFile(name, bytes);
  try {
    return readLayers(path, new File(name, 'r'));
  } finally {
    FS!.unlink(name);
  }
}

/** First bytes of an HDF5 file (HDF5 file format, section II.A). */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

function unreadable(path: string, why: string): InputError {
  return new InputError('keras-unreadable', `${path} holds no Keras weights: ${why}`);
}

function readLayers(path: string, file: File): KerasWeight[] {
  if (file.file_id < 0n) throw unreadable(path, 'its HDF5 structure is damaged');
  try {
    const root = file.get('model_weights') ?? file;
    if (!(root instanceof Group)) throw unreadable(path, '"model_weights" is no group');
    const layers = namesIn(root, 'layer_names');
    if (!layers) throw unreadable(path, 'the attribute "layer_names" is missing');
    return layers.flatMap((layer) => {
      const group = root.get(layer);
      if (!(group instanceof Group)) throw unreadable(path, `the layer "${layer}" is missing`);
      return (namesIn(group, 'weight_names') ?? []).map((name) => {
        const found = group.get(name);
        if (found && 'shape' in found && found.shape && found.value instanceof Float32Array) {
          return { name, shape: found.shape, data: found.value };
        }
        throw unreadable(path, `the weight "${name}" is missing or not float32`);
      });
    });
  } finally {
    file.close();
  }
}

function namesIn(group: Group, attribute: string): string[] | null {
  const value = group.attrs[attribute]?.value;
  return Array.isArray(value) ? value.map(String) : null;
}

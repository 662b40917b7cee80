import type { Dataset, Group } from 'h5wasm/node';
import { InputError } from '../common/index.js';
import { readInputFile } from './file.js';

/** A weight as Keras keeps it: filters [h, w, in, out], dense [in, out]. */
export interface KerasWeight {
  /** `layer/weight`, without Keras's `:0` and number of the copy, e.g. `fire2/squeeze1x1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The float32 weights of a Keras HDF5 file (`save_weights`, or `save` of a whole model in the old format), in the order
 * of the layers.
 * @throws InputError `file-*` (see `readInputFile`), `keras-weights` where it is no such file
 */
export async function readKerasWeights(path: string): Promise<KerasWeight[]> {
  const bytes = await readInputFile(path);
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  if (!signature.every((byte, i) => bytes[i] === byte)) {
    throw new InputError('keras-weights', `${path}: is no HDF5 file; expected weights saved by Keras (.h5)`);
  }
  // Loaded here: every start of the program would compile its WebAssembly, which only an import of Keras weights needs.
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const file = new File(path, 'r');
  try {
    const whole = file.get('model_weights');
    const root: Group = whole !== null && 'keys' in whole ? (whole as Group) : file;
    const layers = namesIn(root, 'layer_names');
    if (layers === null) {
      throw new InputError(
        'keras-weights',
        `${path}: has no attribute layer_names; expected weights saved by Keras`,
      );
    }
    return layers.flatMap((layer) => readLayer(path, root, layer));
  } finally {
    file.close();
  }
}

function readLayer(path: string, root: Group, layer: string): KerasWeight[] {
  const group = root.get(layer);
  const names = group !== null && 'attrs' in group ? namesIn(group as Group, 'weight_names') : null;
  return (names ?? []).map((weight) => {
    const dataset = root.get(`${layer}/${weight}`) as Dataset | null;
    const value = dataset?.value;
    if (!(value instanceof Float32Array)) {
      throw new InputError(
        'keras-weights',
        `${path}: weight ${weight} of layer ${layer} is missing or not float32`,
      );
    }
    const kind = weight.split('/').at(-1)?.replace(/:\d+$/, '');
    return { name: `${layer}/${kind}`, shape: dataset?.shape ?? [], data: value };
  });
}

function namesIn(group: Group, attribute: string): string[] | null {
  const value: unknown = group.attrs[attribute]?.value;
  return Array.isArray(value) ? value.map(String) : null;
}

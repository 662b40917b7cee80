/** Checkpoints as bytes: all a training needs to go on as if it had never stopped. */
import { InputError } from '../common/index.js';
import type { EpochRecord } from './fit.js';
import type { ModelSpec } from './spec.js';
import type { TrainerState } from './trainer.js';
import type { Weights } from './weights.js';

export interface Checkpoint {
  readonly model: ModelSpec;
  readonly seed: number;
  /** Epochs done. */
  readonly epoch: number;
  readonly history: readonly EpochRecord[];
  readonly state: TrainerState;
  /** Weights of the best epoch so far, if one has been judged. */
  readonly best: Weights | null;
}

/** First bytes of a checkpoint file. */
const MAGIC = 'CYTOCKP1';

interface Header {
  readonly model: ModelSpec;
  readonly seed: number;
  readonly epoch: number;
  readonly step: number;
  readonly history: readonly EpochRecord[];
  readonly lengths: { parameters: number; fixed: number; optimizer: number[] };
  readonly best: { name: string; shape: readonly number[] }[] | null;
}

/** Layout: 8 bytes of magic, header length (uint32), JSON header padded to 4 bytes, then all floats; little-endian. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { model, seed, epoch, history, state, best } = checkpoint;
  const bestWeights = best ? Object.entries(best) : [];
  const header: Header = {
    model,
    seed,
    epoch,
    step: state.step,
    history,
    lengths: {
      parameters: state.parameters.length,
      fixed: state.fixed.length,
      optimizer: state.optimizer.map(({ length }) => length),
    },
    best: best ? bestWeights.map(([name, { shape }]) => ({ name, shape })) : null,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const vectors = [
    state.parameters,
    state.fixed,
    ...state.optimizer,
    ...bestWeights.map(([, { data }]) => data),
  ];
  const start = Math.ceil((12 + text.length) / 4) * 4;
  const bytes = new Uint8Array(start + 4 * vectors.reduce((total, { length }) => total + length, 0)).fill(
    0x20,
    12,
    start,
  );
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, start - 12, true);
  bytes.set(text, 12);
  let offset = start;
  for (const vector of vectors) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), offset);
    offset += vector.byteLength;
  }
  return bytes;
}

/** @throws InputError `checkpoint-unreadable` */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const unreadable = (why: string, cause?: unknown) =>
    new InputError('checkpoint-unreadable', `the checkpoint cannot be read: ${why}`, { cause });
  if (bytes.length < 12 || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) {
    throw unreadable('it does not begin as one');
  }
  const start = 12 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, start)));
  } catch (cause) {
    throw unreadable('its header is damaged', cause);
  }
  let offset = start;
  const take = (length: number): Float32Array => {
    const end = offset + 4 * length;
    if (end > bytes.length) throw unreadable(`it ends after ${bytes.length} bytes`);
    // A copy, aligned; Buffer's own slice would share memory.
    const vector = new Float32Array(new Uint8Array(bytes.subarray(offset, end)).buffer);
    offset = end;
    return vector;
  };
  const { model, seed, epoch, step, history, lengths } = header;
  const state = {
    step,
    parameters: take(lengths.parameters),
    fixed: take(lengths.fixed),
    optimizer: lengths.optimizer.map(take),
  };
  const best = header.best
    ? Object.fromEntries(
        header.best.map(({ name, shape }) => [name, { shape, data: take(shape.reduce((a, b) => a * b, 1)) }]),
      )
    : null;
  return { model, seed, epoch, history, state, best };
}

import { type Random, shuffled } from '../../common/index.js';

/** In which order an epoch reads the crops from the disk, and in which it gives them; indices of crops, each once. */
export interface EpochOrder {
  readonly reads: Uint32Array;
  /** The crop given at place i is among the first i + window + 1 reads. */
  readonly gives: Uint32Array;
}

/**
 * The shards in a new order, each read from its beginning to its end, and a window over what was read: every crop given is
 * drawn from the `window` crops that wait in it, whose place the next one read takes (the shuffle buffer of tf.data and
 * WebDataset). The disk reads in sequence, and crops of one field are spread over about a window's length.
 *
 * @param shards indices of the crops of each shard, in the order of their rows
 */
export function shuffledOrder(
  shards: readonly (readonly number[])[],
  window: number,
  random: Random,
): EpochOrder {
  const turns = shuffled(shards, random);
  const reads = Uint32Array.from(turns.flat());
  const held: number[] = [];
  const gives = new Uint32Array(reads.length);
  let given = 0;
  for (const index of reads) {
    if (held.length < window) {
      held.push(index);
      continue;
    }
    const drawn = random.integer(window);
    gives[given++] = held[drawn];
    held[drawn] = index;
  }
  gives.set(shuffled(held, random), given);
  return { reads, gives };
}

/** The crops as they lie. */
export function storedOrder(count: number): EpochOrder {
  const reads = Uint32Array.from({ length: count }, (_, i) => i);
  return { reads, gives: reads };
}

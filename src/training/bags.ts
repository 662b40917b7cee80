import { groupBy, type Random, shuffled } from '../common/index.js';

/**
 * An epoch's samples in bags of one image each: the image's samples in random order, cut into bags; a last bag that is not
 * full is filled with others of the image, again if it has too few. The bags come in random order.
 *
 * @param samples name of the image of each sample
 * @returns indices of samples, `bagSize` for each bag, bag after bag
 */
export function drawBags(samples: readonly string[], bagSize: number, random: Random): Uint32Array {
  const bags: number[][] = [];
  for (const members of groupBy([...samples.keys()], (i) => samples[i]).values()) {
    const order = shuffled(members, random);
    for (let begin = 0; begin < order.length; begin += bagSize) {
      const bag = order.slice(begin, begin + bagSize);
      // The fill comes from the beginning, so that no member of a bag is there twice unless the image has too few.
      for (let at = 0; bag.length < bagSize; at++) bag.push(order[at % order.length]);
      bags.push(bag);
    }
  }
  return Uint32Array.from(shuffled(bags, random).flat());
}

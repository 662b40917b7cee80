import { createRandom, InputError, shuffled } from '../common/index.js';

/**
 * Divides images into parts of the given shares so that every location is spread over them alike: iterative
 * stratification (Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label data", 2011, algorithm 1).
 * Cells follow their image, so no part sees a cell of another part's image. The same seed gives the same parts.
 *
 * @param shares of the parts, e.g. [0.8, 0.2]; they add up to 1
 * @returns the ids of each part, in the order of `locations`
 * @throws InputError `split-shares`
 */
export function splitImages(
  locations: ReadonlyMap<string, readonly number[]>,
  shares: readonly number[],
  seed: number,
): string[][] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!shares.every((share) => share >= 0) || Math.abs(total - 1) > 1e-9) {
    throw new InputError(
      'split-shares',
      `split: shares ${shares.join(', ')} must be at least 0 and add up to 1, they add up to ${total}`,
    );
  }
  const random = createRandom(seed);
  const partOf = new Map<string, number>();
  const wantedImages = shares.map((share) => share * locations.size);
  const wantedOfClass = new Map<number, number[]>();
  const waiting = imagesByClass(locations);
  for (const [id, images] of waiting) {
    wantedOfClass.set(
      id,
      shares.map((share) => share * images.length),
    );
  }
  const assign = (image: string, part: number) => {
    partOf.set(image, part);
    wantedImages[part]--;
    for (const id of locations.get(image) ?? []) wantedOfClass.get(id)![part]--;
  };
  for (;;) {
    const rarest = takeRarest(waiting, partOf);
    if (rarest === null) break;
    const [id, images] = rarest;
    for (const image of shuffled(images, random)) {
      assign(image, neediest(wantedOfClass.get(id)!, wantedImages, random.integer));
    }
  }
  for (const image of shuffled([...locations.keys()], random)) {
    if (!partOf.has(image)) assign(image, neediest(wantedImages, wantedImages, random.integer));
  }
  return shares.map((_, part) => [...locations.keys()].filter((image) => partOf.get(image) === part));
}

/** One fold: what is learned from and what it is judged on, as image ids. */
export interface Fold {
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

/**
 * k folds for cross-validation, stratified over the locations as `splitImages` does. Every image is judged in exactly one
 * fold, and no image is on both sides of any; nor are images of one group, such as near-identical ones or those of one
 * sample.
 *
 * @param groupOf group of an image; without it every image is its own
 * @throws InputError `split-folds` unless there are at least 2 folds and no more than groups
 */
export function splitFolds(
  locations: ReadonlyMap<string, readonly number[]>,
  folds: number,
  seed: number,
  groupOf: (image: string) => string = (image) => image,
): Fold[] {
  const groups = new Map<string, number[]>();
  for (const [image, ids] of locations) {
    const group = groupOf(image);
    groups.set(group, [...new Set([...(groups.get(group) ?? []), ...ids])]);
  }
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= groups.size)) {
    throw new InputError(
      'split-folds',
      `split: ${folds} folds of ${groups.size} images or groups; expected a whole number from 2 to ${groups.size}`,
    );
  }
  const parts = splitImages(groups, new Array<number>(folds).fill(1 / folds), seed);
  const foldOf = new Map(parts.flatMap((part, fold) => part.map((group): [string, number] => [group, fold])));
  const images = [...locations.keys()];
  return parts.map((_, fold) => ({
    training: images.filter((image) => foldOf.get(groupOf(image)) !== fold),
    validation: images.filter((image) => foldOf.get(groupOf(image)) === fold),
  }));
}

function imagesByClass(locations: ReadonlyMap<string, readonly number[]>): Map<number, string[]> {
  const images = new Map<number, string[]>();
  for (const [image, ids] of locations) {
    for (const id of ids) {
      const known = images.get(id);
      if (known) known.push(image);
      else images.set(id, [image]);
    }
  }
  return images;
}

/** The class with the fewest images left (lowest id first), removed from `waiting`; null when none has any. */
function takeRarest(
  waiting: Map<number, string[]>,
  partOf: ReadonlyMap<string, number>,
): [number, string[]] | null {
  let rarest: [number, string[]] | null = null;
  for (const [id, images] of [...waiting].sort(([a], [b]) => a - b)) {
    const left = images.filter((image) => !partOf.has(image));
    if (left.length === 0) waiting.delete(id);
    else if (rarest === null || left.length < rarest[1].length) rarest = [id, left];
  }
  if (rarest !== null) waiting.delete(rarest[0]);
  return rarest;
}

/** The part that wants most; among equals the one that lacks most images; among those a random one. */
function neediest(
  wanted: readonly number[],
  images: readonly number[],
  integer: (n: number) => number,
): number {
  const most = Math.max(...wanted);
  const first = wanted.flatMap((want, part) => (want === most ? [part] : []));
  const emptiest = Math.max(...first.map((part) => images[part]));
  const best = first.filter((part) => images[part] === emptiest);
  return best[best.length > 1 ? integer(best.length) : 0];
}

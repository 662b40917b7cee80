/** How many examples a gallery holds: of each location alone, of images with several, of images without a label. */
const SINGLE_EXAMPLES = 4;
const MULTI_EXAMPLES = 24;
const UNLABELLED_EXAMPLES = 12;
/** A field gives at most so many, so that a gallery shows several fields. */
const EXAMPLES_PER_FIELD = 2;

/** Which cells are shown, field by field, until each gallery is full. */
export interface Galleries {
  /** The first of a field's candidates for which there is room. */
  choose<T>(candidates: readonly T[], locations: readonly number[]): readonly T[];
}

export function createGalleries(): Galleries {
  const shown = new Map<string, number>();
  return {
    choose(candidates, locations) {
      const kind = locations.length > 1 ? 'several' : locations.join();
      const most = [UNLABELLED_EXAMPLES, SINGLE_EXAMPLES][locations.length] ?? MULTI_EXAMPLES;
      const before = shown.get(kind) ?? 0;
      const chosen = candidates.slice(0, Math.min(EXAMPLES_PER_FIELD, most - before));
      shown.set(kind, before + chosen.length);
      return chosen;
    },
  };
}

import { LOCATIONS } from '../common/index.js';
import type { LabelTable } from './labels.js';

/** What a label table holds; location counts are by class id. */
export interface LabelStatistics {
  /** Images with at least one location. */
  readonly images: number;
  /** Labels of each location as the table names them; one that names a location twice counts twice. */
  readonly labels: Uint32Array;
  /** Images for which the table names that location and nothing else. */
  readonly alone: Uint32Array;
  /** Images that have the location, however often it is named. */
  readonly imagesWith: Uint32Array;
  /** Entry k: images for which the table names k locations. */
  readonly imagesByLabels: Uint32Array;
  /** Images that have locations a and b at `a * 19 + b`; on the diagonal those that have a. */
  readonly together: Uint32Array;
  /** Sets of locations and how many images have exactly these, most frequent first. */
  readonly combinations: readonly { readonly locations: readonly number[]; readonly images: number }[];
}

export function describeLabels({ locations, repeated }: Omit<LabelTable, 'unlabelled'>): LabelStatistics {
  const count = LOCATIONS.length;
  const labels = new Uint32Array(count);
  const alone = new Uint32Array(count);
  const imagesWith = new Uint32Array(count);
  const together = new Uint32Array(count * count);
  const byLabels: number[] = [];
  const sets = new Map<string, { locations: readonly number[]; images: number }>();
  for (const [image, ids] of locations) {
    const named = repeated.get(image) ?? ids;
    for (const id of named) labels[id]++;
    if (named.length === 1) alone[named[0]]++;
    byLabels[named.length] = (byLabels[named.length] ?? 0) + 1;
    for (const id of ids) {
      imagesWith[id]++;
      for (const other of ids) together[id * count + other]++;
    }
    const set = sets.get(ids.join('|')) ?? { locations: ids, images: 0 };
    sets.set(ids.join('|'), set);
    set.images++;
  }
  return {
    images: locations.size,
    labels,
    alone,
    imagesWith,
    imagesByLabels: Uint32Array.from(byLabels, (images) => images ?? 0),
    together,
    combinations: [...sets.values()].sort((a, b) => b.images - a.images),
  };
}

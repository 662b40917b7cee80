import type { LabelImage, Plane } from './plane.js';

/** Mean of the plane's values under each label above 0, in the plane's own units. The sizes must be equal. */
export function labelMeans({ data: labels }: LabelImage, { data }: Plane): Map<number, number> {
  const most = labels.reduce((greatest, label) => Math.max(greatest, label), 0);
  const sums = new Float64Array(most + 1);
  const counts = new Uint32Array(most + 1);
  for (let i = 0; i < labels.length; i++) {
    sums[labels[i]] += data[i];
    counts[labels[i]]++;
  }
  const means = new Map<number, number>();
  for (let label = 1; label <= most; label++) {
    if (counts[label] > 0) means.set(label, sums[label] / counts[label]);
  }
  return means;
}

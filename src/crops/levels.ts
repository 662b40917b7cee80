import { InputError } from '../common/index.js';
import { type FieldOfView, fullScale, type LabelImage, type Plane } from '../imaging/index.js';
import type { CropOptions } from './options.js';

/** Float planes are counted in as many steps. */
const FLOAT_BINS = 4096;

/**
 * The intensity of each channel of `options.channels` that a crop shows as 1, as a fraction of full scale: the
 * percentile over the pixels of all cells, at least the floor; 1 where intensities are not normalised. A channel that the
 * field lacks has level 1.
 * @throws InputError `labels-size-mismatch`
 */
export function measureLevels(
  field: FieldOfView,
  cells: LabelImage,
  options: Pick<CropOptions, 'channels' | 'normalisation'>,
): Float64Array {
  if (cells.width !== field.width || cells.height !== field.height) {
    throw new InputError(
      'labels-size-mismatch',
      `field ${field.id}: the label image is ${cells.width}x${cells.height} but the field is ` +
        `${field.width}x${field.height}; give the label image at the field's size`,
    );
  }
  const { channels, normalisation } = options;
  return Float64Array.from(channels, (channel) => {
    const plane = field.channels[channel];
    if (plane === null || normalisation.kind === 'full-scale') return 1;
    return Math.max(normalisation.floor, cellPercentile(plane, cells, normalisation.percentile));
  });
}

/** Nearest-rank percentile over the pixels with a label, as a fraction of full scale; 0 where there are none. */
function cellPercentile(plane: Plane, cells: LabelImage, percent: number): number {
  const { data } = plane;
  const labels = cells.data;
  const toBin = plane.bitDepth === 32 ? FLOAT_BINS - 1 : 1;
  const lastBin = plane.bitDepth === 32 ? FLOAT_BINS - 1 : fullScale(plane);
  const counts = new Uint32Array(lastBin + 1);
  let total = 0;
  for (let i = 0; i < data.length; i++) {
    if (labels[i] <= 0) continue;
    const bin = (data[i] * toBin) | 0;
    counts[bin < 0 ? 0 : bin > lastBin ? lastBin : bin]++;
    total++;
  }
  const rank = Math.ceil((total * percent) / 100);
  let below = 0;
  for (let bin = 0; bin <= lastBin; bin++) {
    below += counts[bin];
    if (below >= rank) return total === 0 ? 0 : bin / lastBin;
  }
  return 1;
}

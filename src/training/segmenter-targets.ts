import { distanceTransform, type LabelImage, maskWhere } from '../imaging/index.js';
import type { SegmenterTarget } from '../networks/index.js';

/** What a segmenter learns of an image, one byte a pixel, 255 stands for 1: see `MAP_NAMES`. */
export interface SegmenterTargets {
  readonly inside: Uint8Array;
  readonly border: Uint8Array;
  readonly distance: Uint8Array;
}

/** A pixel is at a border where two objects have pixels within this of it. */
const BORDER_RADIUS_PX: Record<SegmenterTarget, number> = { nuclei: 2, cells: 2.5 };
/** In cells the distance counts up to this only: where a large cell's middle lies says nothing about its outline. */
const CELL_DISTANCE_PX = 12;

/**
 * The maps that a perfect segmenter would give for a label image. The distance of a nucleus is relative to its middle's
 * (so its peaks are nuclei, large and small alike), that of a cell goes to 12 pixels.
 */
export function drawTargets(labels: LabelImage, target: SegmenterTarget): SegmenterTargets {
  const { width, height, data } = labels;
  const border = drawBorders(labels, BORDER_RADIUS_PX[target]);
  const isRim = maskWhere(data.length, (i) => data[i] !== 0 && differsFromNeighbour(labels, i));
  const core = maskWhere(data.length, (i) => data[i] !== 0 && isRim[i] === 0);
  const distancePx = distanceTransform(core, width, height);
  const inside = new Uint8Array(data.length);
  const distance = new Uint8Array(data.length);
  const peaks = target === 'nuclei' ? findPeaks(labels, distancePx) : null;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    inside[i] = 255;
    // The rim's own pixels reach half a pixel inside.
    const reach = Math.min(distancePx[i], width + height) + 0.5;
    const whole = peaks === null ? CELL_DISTANCE_PX : peaks[data[i]] + 0.5;
    distance[i] = Math.round(255 * Math.min(1, reach / whole));
  }
  return { inside, border, distance };
}

/** Greatest distance within each label. */
function findPeaks({ width, height, data }: LabelImage, distancePx: Float32Array): Float32Array {
  const most = data.reduce((greatest, label) => Math.max(greatest, label), 0);
  const peaks = new Float32Array(most + 1);
  for (let i = 0; i < data.length; i++) {
    peaks[data[i]] = Math.max(peaks[data[i]], Math.min(distancePx[i], width + height));
  }
  return peaks;
}

function differsFromNeighbour({ width, data }: LabelImage, i: number): boolean {
  const x = i % width;
  const label = data[i];
  return (
    (x > 0 && data[i - 1] !== label) ||
    (x < width - 1 && data[i + 1] !== label) ||
    (i >= width && data[i - width] !== label) ||
    (i + width < data.length && data[i + width] !== label)
  );
}

function drawBorders({ width, height, data }: LabelImage, radiusPx: number): Uint8Array {
  const reach = Math.floor(radiusPx);
  const stepX: number[] = [];
  const stepY: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx * dx + dy * dy > radiusPx ** 2) continue;
      stepX.push(dx);
      stepY.push(dy);
    }
  }
  const border = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let first = 0;
      for (let k = 0; k < stepX.length; k++) {
        const nearX = x + stepX[k];
        const nearY = y + stepY[k];
        if (nearX < 0 || nearX >= width || nearY < 0 || nearY >= height) continue;
        const label = data[nearY * width + nearX];
        if (label === 0 || label === first) continue;
        if (first === 0) first = label;
        else {
          border[y * width + x] = 255;
          break;
        }
      }
    }
  }
  return border;
}

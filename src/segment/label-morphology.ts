import {
  distanceTransform,
  type LabelImage,
  labelComponents,
  maskWhere,
  measureRegions,
} from '../imaging/index.js';

/**
 * Grey closing of a label image with a disk (centres within `radiusPx`): each pixel takes the greatest label within reach, then
 * the least of these within reach. Beyond the image nothing counts.
 */
export function closeLabels(labels: LabelImage, radiusPx: number): LabelImage {
  return filterDisk(filterDisk(labels, radiusPx, Math.max), radiusPx, Math.min);
}

function filterDisk(
  { width, height, data }: LabelImage,
  radiusPx: number,
  choose: (a: number, b: number) => number,
): LabelImage {
  const reach = Math.floor(radiusPx);
  const halves = Int32Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.floor(Math.sqrt(radiusPx ** 2 - (k - reach) ** 2)),
  );
  const out = data.slice();
  const fromChange = changeDistance(data, width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Where everything within reach is one label, that label it stays.
      if (fromChange[y * width + x] > radiusPx + 1) continue;
      let chosen = data[y * width + x];
      for (let dy = -reach; dy <= reach; dy++) {
        if (y + dy < 0 || y + dy >= height) continue;
        const half = halves[dy + reach];
        const row = (y + dy) * width;
        const last = Math.min(width - 1, x + half);
        for (let k = Math.max(0, x - half); k <= last; k++) chosen = choose(chosen, data[row + k]);
      }
      out[y * width + x] = chosen;
    }
  }
  return { width, height, data: out };
}

/** Distance to the nearest pixel with another label at its right or below. */
function changeDistance(data: Int32Array, width: number, height: number): Float32Array {
  const same = maskWhere(data.length, (i) => {
    const right = i % width < width - 1 ? i + 1 : i;
    const below = i + width < data.length ? i + width : i;
    return data[i] === data[right] && data[i] === data[below];
  });
  return distanceTransform(same, width, height);
}

/** The label image with the holes of each label filled: background that only this label surrounds. */
export function fillLabelHoles(labels: LabelImage): LabelImage {
  const { width, height, data } = labels;
  const background = labelComponents(
    maskWhere(data.length, (i) => data[i] === 0),
    width,
    height,
    4,
  );
  const around = new Int32Array(measureRegions(background).length + 1);
  const note = (i: number, j: number) => {
    const gap = background.data[i];
    if (gap === 0 || data[j] === 0) return;
    if (around[gap] === 0) around[gap] = data[j];
    else if (around[gap] !== data[j]) around[gap] = -1;
  };
  for (const { label, touchesEdge } of measureRegions(background)) if (touchesEdge) around[label] = -1;
  for (let i = 0; i < data.length; i++) {
    if (i % width < width - 1) {
      note(i, i + 1);
      note(i + 1, i);
    }
    if (i + width < data.length) {
      note(i, i + width);
      note(i + width, i);
    }
  }
  return { width, height, data: data.map((label, i) => label || Math.max(0, around[background.data[i]])) };
}

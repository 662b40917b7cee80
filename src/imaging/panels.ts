import { mergeMasks } from './compartments.js';
import { renderChannels } from './overlay.js';
import type { FieldOfView, LabelImage, Plane, RgbImage, Segmentation } from './plane.js';
import { resizeArea, resizeLabels, scaledSize } from './resize.js';

/** Longer side of a panel; smaller fields keep their size. */
const PANEL_PX = 768;
const GAP_PX = 8;
/** Turns of the colour circle from one label to the next, by the golden ratio: neighbours in number never look alike. */
const HUE_STEP = 0.618034;

/**
 * The five panels of a segmentation side by side, on white: the recomposed image; the raw segmentation (every pixel's class as the
 * field's own segmenter draws it: borders red, cell bodies green, nuclei blue); cells; nuclei, each number in the colour it has in both;
 * the merged mask.
 */
export function renderPanels(field: FieldOfView, segmentation: Segmentation): RgbImage {
  const scale = Math.min(1, PANEL_PX / Math.max(field.width, field.height));
  const { width, height } = scaledSize(field, scale);
  const shrink = (plane: Plane) => resizeArea(plane, width, height);
  const { microtubules, protein, nuclei, er } = field.channels;
  const channels = {
    microtubules: shrink(microtubules),
    protein: shrink(protein),
    nuclei: shrink(nuclei),
    er: er && shrink(er),
  };
  const small = {
    cells: resizeLabels(segmentation.cells, width, height),
    nuclei: resizeLabels(segmentation.nuclei, width, height),
  };
  return sideBySide([
    renderChannels({ ...field, width, height, channels }),
    renderClasses(small),
    renderLabels(small.cells),
    renderLabels(small.nuclei),
    renderGrey(mergeMasks(small)),
  ]);
}

/** Borders between cells or to the background red, cell bodies green, nuclei blue. */
function renderClasses({ cells, nuclei }: Segmentation): RgbImage {
  const { width, height } = cells;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const cell = cells.data[i];
      if (cell === 0) continue;
      const border =
        (x > 0 && cells.data[i - 1] !== cell) ||
        (x < width - 1 && cells.data[i + 1] !== cell) ||
        (y > 0 && cells.data[i - width] !== cell) ||
        (y < height - 1 && cells.data[i + width] !== cell);
      data[3 * i + (border ? 0 : nuclei.data[i] !== 0 ? 2 : 1)] = 255;
    }
  }
  return { width, height, data };
}

function renderLabels({ width, height, data: labels }: LabelImage): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    const hue = labels[i] * HUE_STEP;
    for (let c = 0; c < 3; c++) {
      // A hue's red, green and blue: one wave each, a third of a turn apart.
      data[3 * i + c] = 150 + 105 * Math.cos(2 * Math.PI * (hue - c / 3));
    }
  }
  return { width, height, data };
}

function renderGrey({ width, height, data: values }: Plane): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < values.length; i++) data.fill(values[i], 3 * i, 3 * i + 3);
  return { width, height, data };
}

function sideBySide(images: readonly RgbImage[]): RgbImage {
  const { width: panel, height } = images[0];
  const width = images.length * panel + (images.length - 1) * GAP_PX;
  const data = new Uint8Array(width * height * 3).fill(255);
  images.forEach((image, k) => {
    const left = k * (panel + GAP_PX);
    for (let y = 0; y < height; y++) {
      data.set(image.data.subarray(3 * y * panel, 3 * (y + 1) * panel), 3 * (y * width + left));
    }
  });
  return { width, height, data };
}

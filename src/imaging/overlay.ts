import { InputError } from '../common/index.js';
import { DIGIT_HEIGHT, numberWidth, paintNumber } from './digits.js';
import { percentile } from './percentile.js';
import {
  CHANNELS,
  type Channel,
  type FieldOfView,
  type LabelImage,
  type Plane,
  type RgbImage,
  type Segmentation,
} from './plane.js';
import { measureRegions } from './regions.js';

/** The display colours of the atlas, ER in a dimmer yellow so that it does not hide the protein. */
export const DISPLAY_COLOURS: Record<Channel, readonly [red: number, green: number, blue: number]> = {
  microtubules: [255, 0, 0],
  protein: [0, 255, 0],
  nuclei: [0, 0, 255],
  er: [110, 90, 0],
};
/** Percentiles that are shown as black and as full colour. */
const STRETCH_PERCENT = [1, 99.7] as const;
/** Exponent of the stretch: below 1 lifts dim cells. */
const GAMMA = 0.7;
const CELL_OUTLINE = [255, 255, 255] as const;
const NUCLEUS_OUTLINE = [0, 255, 255] as const;
const NUMBER_COLOUR = [255, 255, 0] as const;
/** Outlines and numbers get thicker by one for so many pixels of the image's longer side. */
const PIXELS_PER_STROKE = 1024;

/**
 * A picture of the field at its own size: channels added in their colours, each stretched by percentiles; cell outlines
 * white, nucleus outlines cyan, each cell's number in yellow at the middle of its nucleus (of the cell where it has none).
 * Outlines lie inside their regions.
 * @throws InputError `sizes-differ`
 */
export function renderOverlay(field: FieldOfView, segmentation: Segmentation): RgbImage {
  const { width, height } = field;
  for (const { width: w, height: h } of [segmentation.cells, segmentation.nuclei]) {
    if (w === width && h === height) continue;
    throw new InputError(
      'sizes-differ',
      `overlay of field ${field.id}: label image is ${w}x${h}, expected the field's ${width}x${height}`,
    );
  }
  const image = renderChannels(field);
  drawOutlinesAndNumbers(image, segmentation);
  return image;
}

/** Draws the outlines and numbers of `renderOverlay` into a picture of the label images' size. */
export function drawOutlinesAndNumbers(image: RgbImage, segmentation: Segmentation): void {
  const strokePx = Math.max(1, Math.round(Math.max(image.width, image.height) / PIXELS_PER_STROKE));
  drawOutlines(image, segmentation.nuclei, strokePx, NUCLEUS_OUTLINE);
  drawOutlines(image, segmentation.cells, strokePx, CELL_OUTLINE);
  drawNumbers(image, segmentation, strokePx);
}

/** The field's channels added in their colours, each stretched by percentiles. */
export function renderChannels({ width, height, channels }: FieldOfView): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (const channel of CHANNELS) {
    const plane = channels[channel];
    if (plane) addPlane(data, plane, DISPLAY_COLOURS[channel]);
  }
  return { width, height, data };
}

function addPlane(target: Uint8Array, plane: Plane, colour: readonly [number, number, number]): void {
  const low = percentile(plane, STRETCH_PERCENT[0]);
  // Where so few pixels are bright that the percentile is still black, the brightest gives the scale.
  const high = percentile(plane, percentile(plane, STRETCH_PERCENT[1]) > low ? STRETCH_PERCENT[1] : 100);
  if (!(high > low)) return;
  const { data } = plane;
  // 256 steps are all that the picture can show, so the power is looked up.
  const curve = Float32Array.from({ length: 256 }, (_, step) => (step / 255) ** GAMMA);
  const scale = 255 / (high - low);
  const [red, green, blue] = colour;
  for (let i = 0, o = 0; i < data.length; i++, o += 3) {
    const value = curve[Math.max(0, Math.min(255, Math.round((data[i] - low) * scale)))];
    target[o] = Math.min(255, target[o] + value * red);
    target[o + 1] = Math.min(255, target[o + 1] + value * green);
    target[o + 2] = Math.min(255, target[o + 2] + value * blue);
  }
}

/** Pixels of a label within `strokePx` (along row or column) of another label or of background. */
function drawOutlines(
  image: RgbImage,
  labels: LabelImage,
  strokePx: number,
  colour: readonly [number, number, number],
): void {
  const { width, height, data } = labels;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const label = data[i];
      if (label === 0) continue;
      for (let step = 1; step <= strokePx; step++) {
        const differs =
          (x >= step && data[i - step] !== label) ||
          (x + step < width && data[i + step] !== label) ||
          (y >= step && data[i - step * width] !== label) ||
          (y + step < height && data[i + step * width] !== label);
        if (!differs) continue;
        image.data.set(colour, i * 3);
        break;
      }
    }
  }
}

function drawNumbers(image: RgbImage, { cells, nuclei }: Segmentation, strokePx: number): void {
  const dotPx = 2 * strokePx;
  const nucleusBoxes = new Map(measureRegions(nuclei).map(({ label, box }) => [label, box]));
  for (const { label, box: cellBox } of measureRegions(cells)) {
    const box = nucleusBoxes.get(label) ?? cellBox;
    const left = box.x + Math.round((box.width - numberWidth(label) * dotPx) / 2);
    const top = box.y + Math.round((box.height - DIGIT_HEIGHT * dotPx) / 2);
    paintNumber(label, (dotX, dotY) => {
      fillSquare(image, left + dotX * dotPx, top + dotY * dotPx, dotPx, NUMBER_COLOUR);
    });
  }
}

function fillSquare(
  image: RgbImage,
  left: number,
  top: number,
  sizePx: number,
  colour: readonly [number, number, number],
): void {
  for (let y = Math.max(0, top); y < Math.min(image.height, top + sizePx); y++) {
    for (let x = Math.max(0, left); x < Math.min(image.width, left + sizePx); x++) {
      image.data.set(colour, (y * image.width + x) * 3);
    }
  }
}

import { CHANNELS, type FieldOfView, type Segmentation } from '../../imaging/index.js';
import type { CellPrediction } from '../../predict/index.js';
import { composeField, type Ranges } from './compose.js';
import { legendOf } from './legend.js';
import { outlinePaths } from './outlines.js';
import { drawOverlay, type Look } from './scene.js';
import { scaleBar } from './view.js';
import type { Words } from './words/index.js';

/** Light enough to be read on black. */
const NAME_COLOURS = { microtubules: '#f66', protein: '#6f6', nuclei: '#88f', er: '#fe6' };
/** Width of a field whose names and lines are as large as on the screen. */
const REFERENCE_PX = 1024;
/** Letters of 12 px: below that they cannot be read. */
const LEAST_UNIT = 0.6;

/** The whole field as it is shown, pixel for pixel, with the channels' names, what colours mean, and a scale bar: a PNG for a paper. */
export async function figureOf(
  field: FieldOfView,
  ranges: Ranges,
  segmentation: Segmentation,
  cells: readonly CellPrediction[],
  look: Look,
  words: Words,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(field.width, field.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  context.putImageData(composeField(field, ranges, look.display), 0, 0);
  const unit = Math.max(LEAST_UNIT, Math.max(field.width, field.height) / REFERENCE_PX);
  const cellPaths = outlinePaths(segmentation.cells);
  const nucleusPaths = outlinePaths(segmentation.nuclei);
  drawOverlay(context, { cells, cellPaths, nucleusPaths, chosen: null }, look, unit);
  context.font = `${20 * unit}px sans-serif`;
  context.lineWidth = 4 * unit;
  context.strokeStyle = '#000';
  const write = (text: string, colour: string, x: number, y: number) => {
    // A black rim keeps names readable over bright cells.
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  let y = 28 * unit;
  for (const channel of CHANNELS) {
    if (field.channels[channel] === null || !look.display[channel].shown) continue;
    write(words.channels[channel], NAME_COLOURS[channel], 12 * unit, y);
    y += 24 * unit;
  }
  for (const { colour, text } of legendOf(cells, look.colour, words)) {
    context.fillStyle = colour;
    context.fillRect(12 * unit, y - 15 * unit, 16 * unit, 16 * unit);
    write(text, '#fff', 36 * unit, y);
    y += 24 * unit;
  }
  const bar = scaleBar(field.pixelSizeUm, 1 / (2 * unit));
  const width = bar.widthPx * 2 * unit;
  const left = field.width - width - 16 * unit;
  write(`${bar.um} µm`, '#fff', left, field.height - 28 * unit);
  context.fillRect(left, field.height - 20 * unit, width, 5 * unit);
  return canvas.convertToBlob({ type: 'image/png' });
}

import { join } from 'node:path';
import { LOCATIONS } from '../common/index.js';
import { cropPicture } from '../crops/index.js';
import {
  drawOutlinesAndNumbers,
  type FieldOfView,
  type HeatMap,
  heatAt,
  heatColour,
  type RgbImage,
  renderHeat,
  type Segmentation,
} from '../imaging/index.js';
import { isFile, prepareFolder, removeFile, removeFolder, writeRgbPng } from '../io/index.js';
import type { Explainer } from '../networks/index.js';
import {
  type CellExplanation,
  type CellPrediction,
  type Explanation,
  explainCells,
} from '../predict/index.js';

const overviewOf = (folder: string) => join(folder, 'explain.png');
const cellsOf = (folder: string) => join(folder, 'explain');

/** Whether a field's explanation lies in its folder, whole. */
export function hasExplanation(folder: string): Promise<boolean> {
  return isFile(overviewOf(folder));
}

/** Removes a field's explanation, if there is one. */
export async function removeExplanation(folder: string): Promise<void> {
  await removeFile(overviewOf(folder));
  await removeFolder(cellsOf(folder));
}

/**
 * Writes why the cells of a field were given their locations: `explain/CELL LOCATION, LOCATION.png` for each cell (what the network saw,
 * then the protein with the map of the best location and of the next), and `explain.png` (the field's protein with the map of
 * each cell's best location).
 * @throws InputError `not-writable`; ModelError `explain-unsupported`
 */
export async function writeExplanation(
  folder: string,
  field: FieldOfView,
  segmentation: Segmentation,
  cells: readonly CellPrediction[],
  explainer: Explainer,
): Promise<void> {
  await removeExplanation(folder);
  await prepareFolder(cellsOf(folder));
  const maps = new Map<number, HeatMap>();
  for await (const explained of explainCells(field, segmentation, cells, explainer)) {
    const names = explained.locations.map(({ location }) => LOCATIONS[location].toLowerCase());
    await writeRgbPng(
      join(cellsOf(folder), `${explained.cell} ${names.join(', ')}.png`),
      renderCell(explained, explainer),
    );
    const [top] = explained.locations;
    maps.set(explained.cell, {
      ...explained.window,
      columns: explainer.width,
      rows: explainer.height,
      data: top.map,
    });
  }
  const overview = renderHeat(field.channels.protein, segmentation.cells, maps);
  drawOutlinesAndNumbers(overview, segmentation);
  // Last: a folder that has it is whole.
  await writeRgbPng(overviewOf(folder), overview);
}

/** Crop pixels are drawn this many times as large. */
const ENLARGED = 2;

function renderCell({ crop, locations }: CellExplanation, explainer: Explainer): RgbImage {
  const { sizePx, channels } = explainer.metadata.crop;
  const at = channels.indexOf('protein');
  const protein = crop.subarray(at * sizePx ** 2, (at + 1) * sizePx ** 2);
  const panels = [
    cropPicture(crop, channels, sizePx),
    ...locations.map((explanation) => heatPanel(protein, sizePx, explanation, explainer)),
  ];
  const width = sizePx * ENLARGED * panels.length;
  const height = sizePx * ENLARGED;
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const panel = panels[Math.floor(x / (sizePx * ENLARGED))];
      const column = Math.floor((x % (sizePx * ENLARGED)) / ENLARGED);
      const from = 3 * (Math.floor(y / ENLARGED) * sizePx + column);
      data.set(panel.data.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { width, height, data };
}

function heatPanel(
  protein: Float32Array,
  sizePx: number,
  { map }: Explanation,
  { width, height }: Explainer,
): RgbImage {
  const heat: HeatMap = {
    left: 0,
    top: 0,
    width: sizePx,
    height: sizePx,
    columns: width,
    rows: height,
    data: map,
  };
  const data = new Uint8Array(3 * sizePx ** 2);
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      const i = y * sizePx + x;
      data.set(heatColour(255 * protein[i], heatAt(heat, x + 0.5, y + 0.5)), 3 * i);
    }
  }
  return { width: sizePx, height: sizePx, data };
}

import { CHANNELS, type FieldOfView } from '../../imaging/index.js';
import {
  type Corrections,
  cellsCoco,
  cellsCsv,
  cellsGeoJson,
  correctedLocations,
  submissionCsv,
  trainCsv,
  truthCsv,
} from '../../predict/index.js';
import { downloadFile } from './api.js';
import { composeField, DEFAULT_DISPLAY, measureRanges } from './compose.js';
import type { FieldResult } from './field.js';
import { outlinePaths } from './outlines.js';
import { scaleBar } from './viewer.js';
import type { Words } from './words.js';

export const DOWNLOADS = ['cells.csv', 'coco.json', 'cells.geojson', 'submission.csv'] as const;
export type Download = (typeof DOWNLOADS)[number];

/** A document of a result: the server's, or the same text made here. */
export async function documentOf(
  { id: field }: FieldOfView,
  result: FieldResult,
  name: Download,
  threshold: number,
): Promise<Blob> {
  if (result.id !== null) return downloadFile(result.id, name);
  const { cells, segmentation } = result;
  if (name === 'cells.csv') return new Blob([cellsCsv(field, cells, threshold)], { type: 'text/csv' });
  if (name === 'submission.csv')
    return new Blob([submissionCsv(field, segmentation.cells, cells)], { type: 'text/csv' });
  const document =
    name === 'coco.json'
      ? cellsCoco(field, segmentation.cells, cells, threshold)
      : cellsGeoJson(field, segmentation, cells);
  return new Blob([JSON.stringify(document)], { type: 'application/json' });
}

/** Tables of the cells as a person corrected them. */
export function trainingTables(
  field: string,
  result: FieldResult,
  corrections: Corrections,
  threshold: number,
) {
  const locations = correctedLocations(result.cells, corrections, threshold);
  return { 'train.csv': trainCsv(field, locations), 'truth.csv': truthCsv(field, locations) };
}

/** The field as a figure: channels in their colours, outlines, the channels' names, a scale bar. */
export async function figureOf(field: FieldOfView, result: FieldResult, words: Words): Promise<Blob> {
  const canvas = new OffscreenCanvas(field.width, field.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  context.putImageData(composeField(field, measureRanges(field), DEFAULT_DISPLAY), 0, 0);
  const unit = Math.max(1, Math.max(field.width, field.height) / 1024);
  context.strokeStyle = '#fff';
  context.lineWidth = 1.5 * unit;
  for (const path of outlinePaths(result.segmentation.cells).values()) context.stroke(path);
  context.font = `${20 * unit}px sans-serif`;
  const colours = { microtubules: '#f66', protein: '#6f6', nuclei: '#88f', er: '#fe6' };
  let y = 28 * unit;
  for (const channel of CHANNELS) {
    if (field.channels[channel] === null || !DEFAULT_DISPLAY[channel].shown) continue;
    context.fillStyle = colours[channel];
    context.fillText(words.channels[channel], 12 * unit, y);
    y += 24 * unit;
  }
  const bar = scaleBar(field.pixelSizeUm, 1 / (2 * unit));
  const width = bar.widthPx * 2 * unit;
  context.fillStyle = '#fff';
  context.fillRect(field.width - width - 16 * unit, field.height - 20 * unit, width, 5 * unit);
  context.fillText(`${bar.um} µm`, field.width - width - 16 * unit, field.height - 28 * unit);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Hands a file to the user. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

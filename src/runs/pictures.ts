import { join } from 'node:path';
import {
  cytoplasmLabels,
  type FieldOfView,
  mergeMasks,
  renderOverlay,
  renderPanels,
  type Segmentation,
} from '../imaging/index.js';
import { isFile, removeFile, writeLabelPng, writePlanePng, writeRgbPng } from '../io/index.js';

/** What can be drawn of a field and its outlines besides the label images. */
export const PICTURES = ['overlay', 'cytoplasm', 'merged', 'panels'] as const;
export type Picture = (typeof PICTURES)[number];

function pathOf(folder: string, picture: Picture): string {
  return join(folder, `${picture}.png`);
}

/** Those of the pictures that are not there yet. */
export async function missingPictures(folder: string, pictures: readonly Picture[]): Promise<Picture[]> {
  const there = await Promise.all(pictures.map((picture) => isFile(pathOf(folder, picture))));
  return pictures.filter((_, i) => !there[i]);
}

/** Removes all pictures that lie in the folder: they no longer show what the label images say. */
export async function removePictures(folder: string): Promise<void> {
  for (const picture of PICTURES) await removeFile(pathOf(folder, picture));
}

/** @throws InputError `not-writable` */
export async function writePicture(
  folder: string,
  picture: Picture,
  field: FieldOfView,
  segmentation: Segmentation,
): Promise<void> {
  const path = pathOf(folder, picture);
  switch (picture) {
    case 'overlay':
      return writeRgbPng(path, renderOverlay(field, segmentation));
    case 'panels':
      return writeRgbPng(path, renderPanels(field, segmentation));
    case 'cytoplasm':
      return writeLabelPng(path, cytoplasmLabels(segmentation));
    case 'merged':
      return writePlanePng(path, mergeMasks(segmentation));
  }
}

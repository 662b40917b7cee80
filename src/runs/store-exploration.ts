import { createRandom, shuffled } from '../common/index.js';
import { cropPicture } from '../crops/index.js';
import {
  type Example,
  type ExploredFields,
  type LabelTable,
  openStore,
  readCrops,
  type StoredCell,
} from '../dataset/index.js';
import { encodeRgbPng } from '../io/index.js';
import { createGalleries } from './galleries.js';

/**
 * Looks at a store of crops: the labels of its fields, the boxes of its cells, some of its crops. What detail other
 * sizes would cost and how other maskings would look cannot be known from it.
 * @param seed chooses the crops that are shown
 * @throws InputError `store-*` (see `openStore`)
 */
export async function exploreStore(
  folder: string,
  seed: number,
): Promise<{ labels: LabelTable; fields: ExploredFields }> {
  const store = await openStore(folder);
  const byField = new Map<string, StoredCell[]>();
  for (const cell of store.cells) {
    const known = byField.get(cell.field);
    if (known) known.push(cell);
    else byField.set(cell.field, [cell]);
  }
  const locations = new Map<string, readonly number[]>();
  const unlabelled: string[] = [];
  for (const [field, cells] of byField) {
    const ids = [...new Set(cells.flatMap((cell) => cell.locations))].sort((a, b) => a - b);
    if (ids.length > 0) locations.set(field, ids);
    else unlabelled.push(field);
  }
  const random = createRandom(seed);
  const galleries = createGalleries();
  const chosen = shuffled([...byField.values()], random).flatMap((cells) => {
    const whole = cells.filter(({ touchesEdge }) => !touchesEdge);
    return galleries.choose(shuffled(whole.length > 0 ? whole : cells, random), cells[0].locations);
  });
  const { channels, sizePx } = store.description.crop;
  const examples: Example[] = [];
  for (const cell of chosen) {
    const bytes = await readCrops(store, [cell]);
    const crop = Float32Array.from(bytes, (value) => value / 255);
    const png = await encodeRgbPng(cropPicture(crop, channels, sizePx));
    const pngBase64 = Buffer.from(png).toString('base64');
    examples.push({ field: cell.field, cell: cell.cell, locations: cell.locations, pngBase64 });
  }
  return {
    labels: { locations, unlabelled, repeated: new Map() },
    fields: {
      imagesWithoutLabel: [],
      labelsWithoutImage: [],
      fieldsWithoutCells: [],
      problems: [],
      cellsPerField: [...byField.values()].map((cells) => cells.length),
      cells: store.cells.map(({ box, locations: ids }) => ({
        widthPx: box.width,
        heightPx: box.height,
        sidePx: Math.max(box.width, box.height),
        locations: ids.length > 0 ? ids : null,
      })),
      details: [],
      examples,
      maskings: [],
      storedMasking: store.description.crop.masking,
    },
  };
}

import { DEFAULT_CROP } from '../../src/crops/index.js';
import {
  type CellFacts,
  describeStore,
  openStoreForAppend,
  type StoreDescription,
} from '../../src/dataset/index.js';

/** Crops of two channels and 3 x 3 pixels, four to a shard. */
export const DESCRIPTION: StoreDescription = {
  ...describeStore({ ...DEFAULT_CROP, sizePx: 3, channels: ['protein', 'er'] }, 'masks', '0.0.0'),
  cropsPerShard: 4,
};
export const CROP_BYTES = 18;

/** Facts of the cells 1 to `count` of a field. */
export function cellsOf(field: string, count: number, locations: readonly number[] = [3]): CellFacts[] {
  return Array.from({ length: count }, (_, i) => ({
    field,
    cell: i + 1,
    locations,
    box: { x: i, y: 2, width: 30, height: 40 },
    areaUm2: 12.5,
    touchesEdge: i === 0,
  }));
}

/** As many crops, that of cell k filled with `first + k`. */
export function cropsOf(count: number, first: number, bytes = CROP_BYTES): Uint8Array {
  return Uint8Array.from({ length: count * bytes }, (_, i) => first + 1 + Math.floor(i / bytes));
}

/** Writes fields `[id, number of cells]`; the crops of the n-th field are filled with 10 n + 1 and so on. */
export async function writeStore(
  folder: string,
  fields: readonly (readonly [string, number])[],
  description = DESCRIPTION,
): Promise<void> {
  const writer = await openStoreForAppend(folder, description);
  for (const [n, [field, count]] of fields.entries()) {
    await writer.append(field, cellsOf(field, count), cropsOf(count, 10 * n), 'as made');
  }
  await writer.close();
}

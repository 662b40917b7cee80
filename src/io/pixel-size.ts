import { InputError, UsageError } from '../common/index.js';
import { assumedPixelSizeUm, LARGEST_PIXEL_SIZE_UM } from '../imaging/index.js';
import { readTable } from './table.js';

/** What the caller knows about the edge of a pixel: one size for all, a table by field, or nothing. */
export type PixelSizes =
  | { readonly kind: 'given'; readonly pixelSizeUm: number }
  /** null: the table names the field but leaves its size empty. */
  | { readonly kind: 'table'; readonly file: string; readonly byField: ReadonlyMap<string, number | null> }
  | { readonly kind: 'assumed' };

export const ASSUMED_PIXEL_SIZES: PixelSizes = { kind: 'assumed' };

/** Where a field's pixel size comes from (`file`: its image says it); an assumed one deserves a warning. */
export type PixelSizeSource = PixelSizes['kind'] | 'file';

/**
 * Understands `--pixel-size`: a number in um, or a CSV file with the columns `ID,pixel_size_um` (others are ignored). A row
 * whose size is empty says that it is not known. Where none is given, what the field's file says is taken (OME-TIFF), else
 * the atlas's scale is assumed.
 * @throws UsageError `pixel-size`; InputError as readTable, `pixel-size` for a bad or repeated row
 */
export async function readPixelSizes(option?: string): Promise<PixelSizes> {
  if (option === undefined) return ASSUMED_PIXEL_SIZES;
  const number = Number(option);
  if (option.trim() !== '' && !Number.isNaN(number)) {
    if (isPlausible(number)) return { kind: 'given', pixelSizeUm: number };
    throw new UsageError(
      'pixel-size',
      `pixel size ${option}: expected um a pixel, above 0 and at most ${LARGEST_PIXEL_SIZE_UM}`,
    );
  }
  const table = await readTable(option, ['ID', 'pixel_size_um']);
  const byField = new Map<string, number | null>();
  for (const row of table.rows) {
    const id = row.get('ID');
    const text = row.get('pixel_size_um');
    const size = text.trim() === '' ? null : Number(text);
    if (size !== null && !isPlausible(size)) {
      throw row.error(
        'pixel-size',
        `pixel_size_um of ${id} is "${text}", expected um above 0, at most ${LARGEST_PIXEL_SIZE_UM}`,
      );
    }
    if (byField.has(id) && byField.get(id) !== size) {
      throw row.error('pixel-size', `${id} has a second pixel size, ${size} after ${byField.get(id)}`);
    }
    byField.set(id, size);
  }
  return { kind: 'table', file: option, byField };
}

/**
 * Edge of a pixel of one field, and how it is known. Where it is not: `assumedPixelSizeUm`.
 * @param inFile what the field's file says, asked only where nothing else is given
 * @throws InputError `pixel-size-missing` when there is a table but it does not name the field
 */
export function pixelSizeOf(
  id: string,
  width: number,
  height: number,
  sizes: PixelSizes,
  inFile: () => number | null = () => null,
): { pixelSizeUm: number; pixelSizeSource: PixelSizeSource } {
  if (sizes.kind === 'given') return { pixelSizeUm: sizes.pixelSizeUm, pixelSizeSource: 'given' };
  if (sizes.kind === 'table') {
    const size = sizes.byField.get(id);
    if (size === undefined) {
      throw new InputError(
        'pixel-size-missing',
        `field ${id}: ${sizes.file} has no row for it; add the line "${id},<um per pixel>"`,
      );
    }
    if (size !== null) return { pixelSizeUm: size, pixelSizeSource: 'table' };
  }
  const fileUm = inFile();
  if (fileUm !== null) return { pixelSizeUm: fileUm, pixelSizeSource: 'file' };
  return { pixelSizeUm: assumedPixelSizeUm(width, height), pixelSizeSource: 'assumed' };
}

function isPlausible(um: number): boolean {
  return um > 0 && um <= LARGEST_PIXEL_SIZE_UM;
}

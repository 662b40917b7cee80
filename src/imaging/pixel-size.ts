/** Larger pixels are a mistake: no cell could be outlined by them. */
export const LARGEST_PIXEL_SIZE_UM = 10;

/** Edge of a pixel in the Human Protein Atlas's confocal images at full size. */
const ATLAS_PIXEL_SIZE_UM = 0.08;
/** The atlas's full-size images begin at 1728 px: what is smaller than this was reduced. */
const FULL_SIZE_FROM_PX = 1024;
/** A 2048 px field of the atlas: what the 512 px copies of the 2018 competition were reduced from. */
const ATLAS_FIELD_UM = 2048 * ATLAS_PIXEL_SIZE_UM;

/**
 * Edge of a pixel in um of a field whose scale is not known: 0.08 um for fields of 1024 px and more (the atlas's scale); a smaller
 * field is taken as a 2048 px field reduced to its size (163.84 um / its longer side).
 */
export function assumedPixelSizeUm(width: number, height: number): number {
  const longer = Math.max(width, height);
  return longer >= FULL_SIZE_FROM_PX ? ATLAS_PIXEL_SIZE_UM : ATLAS_FIELD_UM / longer;
}

/** What the sides of the segmentation benchmark are given, and the stages they are asked for. */

/** Edge of a working pixel in um, and the sizes of a 2048 x 2048 field of 163.84 um. */
export const FIELD_PX = 2048;
export const WORKING_PX = 512;
export const FIELD_UM = 163.84;

/** The stages that a field goes through, each on what the one before made of the field: files of the job's folder. */
export const STAGES = [
  { name: 'resize', what: '2048x2048 8 bit to 512x512 float, means of areas' },
  { name: 'gaussian', what: '512x512 float, sigma 0.5 um' },
  { name: 'percentile', what: '512x512 float, 1 %' },
  { name: 'otsu', what: '512x512 float, 512 bins' },
  { name: 'holes', what: '512x512 mask, holes up to 20 um2 filled' },
  { name: 'opening', what: '512x512 mask, disk of 1 um' },
  { name: 'distance', what: '512x512 mask, exact Euclidean' },
  { name: 'labelling', what: '512x512 mask, 8-connected' },
  { name: 'regions', what: '512x512 labels: boxes and areas' },
  { name: 'watershed', what: '512x512 float cost, from nuclei within the mask of cells' },
  { name: 'label images', what: '512x512 labels to 2048x2048 with smooth outlines' },
] as const;
export type StageName = (typeof STAGES)[number]['name'];

export interface SegmentJob {
  /** Holds plane.u8, plane.f32, nuclei.u8, cells.u8, cost.f32, seeds.i32, labels.i32, row by row. */
  readonly folder: string;
  /** What one turn does so many times. */
  readonly repeats: number;
}

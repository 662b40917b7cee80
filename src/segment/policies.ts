/** What is done with nuclei that touch and have no cytoplasm between them: one cell of them all, or one cell each. */
export const TOUCHING_NUCLEI = ['join', 'split'] as const;
export type TouchingNuclei = (typeof TOUCHING_NUCLEI)[number];

/** What is done with cells that show no nucleus. */
export const WITHOUT_NUCLEUS = ['drop', 'keep'] as const;
export type WithoutNucleus = (typeof WITHOUT_NUCLEUS)[number];

/** What counts as a cell. */
export interface SegmentationPolicies {
  /** `join` makes lobed and multinucleate cells whole, `split` parts crowded nuclei that overlap. */
  readonly touchingNuclei: TouchingNuclei;
  /** `drop` as the competition's masks do; `keep` numbers them after the others, with an empty nucleus. */
  readonly withoutNucleus: WithoutNucleus;
  /** Smaller nuclei are debris; of those that the image's border cuts off `MIN_CUT_NUCLEUS_UM2` is enough. */
  readonly minNucleusUm2: number;
  readonly minCellUm2: number;
}

/**
 * A nucleus of 40 um2 is 7 um across: the smallest interphase nuclei of the real fields at hand have 50 um2, their shrunken dead ones 25 to
 * 38. The least cell is HPA-Cell-Segmentation's 5,500 pixels at 0.08 um.
 */
export const DEFAULT_POLICIES: SegmentationPolicies = {
  touchingNuclei: 'join',
  withoutNucleus: 'drop',
  minNucleusUm2: 40,
  minCellUm2: 35.2,
};

/** Least area of a nucleus that the border cuts off: HPA-Cell-Segmentation's 2,500 pixels at 0.08 um. */
export const MIN_CUT_NUCLEUS_UM2 = 16;

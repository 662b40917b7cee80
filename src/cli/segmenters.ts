import { UsageError } from '../common/index.js';
import type { Segmenter } from '../predict/index.js';
import type { NamedSegmenter } from '../runs/index.js';
import { DEFAULT_POLICIES, type SegmentationPolicies, segmentClassical } from '../segment/index.js';

const SEGMENTERS: Record<string, (policies: SegmentationPolicies) => Segmenter> = {
  classical: (policies) => async (field) => segmentClassical(field, policies),
};

export const SEGMENTER_NAMES = Object.keys(SEGMENTERS);

/** @throws UsageError `bad-option` */
export function segmenterNamed(
  name: string,
  policies: SegmentationPolicies = DEFAULT_POLICIES,
): NamedSegmenter {
  const create = SEGMENTERS[name];
  if (create !== undefined) return { name, settings: policies, segment: create(policies) };
  throw new UsageError('bad-option', `--segmenter is "${name}", expected ${SEGMENTER_NAMES.join(' or ')}`);
}

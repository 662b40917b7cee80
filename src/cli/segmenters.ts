import { UsageError } from '../common/index.js';
import type { Segmenter } from '../predict/index.js';
import { segmentClassical } from '../segment/index.js';

const SEGMENTERS: Record<string, Segmenter> = {
  classical: async (field) => segmentClassical(field),
};

export const SEGMENTER_NAMES = Object.keys(SEGMENTERS);

/** @throws UsageError `bad-option` */
export function segmenterNamed(name: string): { name: string; segment: Segmenter } {
  const segment = SEGMENTERS[name];
  if (segment !== undefined) return { name, segment };
  throw new UsageError('bad-option', `--segmenter is "${name}", expected ${SEGMENTER_NAMES.join(' or ')}`);
}

import type { RuntimeOptions } from '../io/index.js';
import type { SegmentationPolicies } from '../segment/index.js';
import { openClassifier, openExplainer } from './classifier-file.js';
import { openDetector } from './detector-file.js';
import type { FieldOptions } from './finish-field.js';
import { openSegmenter } from './segmenter-file.js';

/** What fields are predicted with, by names: every thread can open it for itself. */
export interface PredictionSetup {
  /** As of `openSegmenter`, or a detector, as of `openDetector`. */
  readonly outlines:
    | { readonly segmenter: string; readonly policies: SegmentationPolicies }
    | { readonly detector: string };
  /** The classifier's file; null: none. */
  readonly model: string | null;
  /** Whether cells are explained, which opens the classifier's file once more. */
  readonly explain: boolean;
}

/**
 * Opens what fields are predicted with.
 * @throws as `openSegmenter`, `openDetector`, `openClassifier` and `openExplainer`
 */
export async function openPredictionSetup(
  { outlines, model, explain }: PredictionSetup,
  runtime: RuntimeOptions = {},
): Promise<Pick<FieldOptions, 'segmenter' | 'classifier' | 'explainer'>> {
  return {
    segmenter:
      'detector' in outlines
        ? await openDetector(outlines.detector, runtime)
        : await openSegmenter(outlines.segmenter, outlines.policies, runtime),
    classifier: model === null ? null : await openClassifier(model, runtime),
    explainer: model !== null && explain ? await openExplainer(model, runtime) : null,
  };
}

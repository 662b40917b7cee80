import type { FieldOfView, Segmentation } from '../../imaging/index.js';
import type { CellPrediction, Corrections } from '../../predict/index.js';
import type { ChosenField } from './names.js';

/** What is known of a field on the page. */
export interface PageField {
  /** Unique on the page. */
  readonly key: string;
  readonly chosen: ChosenField;
  readonly state: 'working' | 'done' | 'failed';
  /** The last stage that is over. */
  readonly stage: string;
  /** Once its files are decoded. */
  readonly field: FieldOfView | null;
  readonly result: FieldResult | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly corrections: Corrections;
}

/** A prediction, from the server or from this browser. */
export interface FieldResult {
  readonly cells: readonly CellPrediction[];
  readonly segmentation: Segmentation;
  readonly warnings: readonly string[];
  readonly seconds: number;
  /** Id on the server; null where it was made in this browser. */
  readonly id: string | null;
}

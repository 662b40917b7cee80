import { CytolocusError, type MessageValues } from '../../common/index.js';
import type { CellPrediction, Corrections } from '../../predict/index.js';
import type { FieldWarning } from '../../segment/index.js';
import type { ChosenField } from './names.js';
import type { PackedSegmentation } from './packed-labels.js';

/** Where a field is worked on. */
export type Place = 'server' | 'browser';

/** What went wrong: code and values for words in the page's language, the message where it has none. */
export interface Problem {
  readonly code: string;
  readonly values: MessageValues;
  readonly message: string;
}

/** `here`: kept in this browser, and nowhere else. */
export type Saving = 'saved' | 'saving' | 'here' | Problem;

/** What the page knows of a field. */
export interface PageField {
  /** Unique in this browser. */
  readonly key: string;
  readonly chosen: ChosenField;
  /** null: the atlas's scale is assumed. */
  readonly pixelSizeUm: number | null;
  readonly place: Place;
  /** The server's id, once it has accepted the field. */
  readonly id: string | null;
  readonly state: 'working' | 'done' | 'failed';
  /** The last stage that is over. */
  readonly stage: string;
  readonly result: FieldResult | null;
  readonly problem: Problem | null;
  /** Why the server cannot be asked about a result that this browser kept; `prediction-unknown` where it has expired. */
  readonly serverProblem: Problem | null;
  readonly corrections: Corrections;
  /** How far the corrections are saved. */
  readonly saving: Saving;
}

/** A prediction, from the server or from this browser. */
export interface FieldResult {
  readonly cells: readonly CellPrediction[];
  readonly labels: PackedSegmentation;
  readonly warnings: readonly FieldWarning[];
  readonly seconds: number;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof CytolocusError) {
    const { code, values, message } = error;
    return { code, values, message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'page-failed', values: { message }, message };
}

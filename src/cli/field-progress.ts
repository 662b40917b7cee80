import type { CytolocusError } from '../common/index.js';
import type { Output } from './output.js';
import { createProgress, type Progress } from './progress.js';

/** Events of a job over fields as progress and messages; `stop` ends the progress bar, on success and on failure. */
export interface FieldProgress {
  found(total: number): void;
  /** `kept`: done by an earlier run. */
  done(field: string, cells: number, kept?: boolean): void;
  problem(problem: CytolocusError): void;
  stop(): void;
}

export function createFieldProgress(output: Output, what: string): FieldProgress {
  let progress: Progress | null = null;
  return {
    found(total) {
      if (total > 0) progress = createProgress(output, what, total);
    },
    done: (field, cells, kept = false) =>
      progress?.step(`${field}: ${cells} cells${kept ? ', done before' : ''}`),
    problem: ({ message }) => output.note(`error: ${message}`),
    stop: () => progress?.stop(),
  };
}

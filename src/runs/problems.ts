import { CytolocusError } from '../common/index.js';

/**
 * The failure as one to be reported while the other fields go on. What Cytolocus did not expect gets the code
 * `internal`, with the original as its cause, so that a bug met on one field does not lose the rest of a long run.
 */
export function toProblem(error: unknown, field: string): CytolocusError {
  if (error instanceof CytolocusError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CytolocusError('internal', `field ${field}: unexpected failure: ${message}`, { cause: error });
}

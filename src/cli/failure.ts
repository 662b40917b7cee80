import { CommanderError } from 'commander';
import { CytolocusError, UsageError } from '../common/index.js';

/** The command line's exit codes: part of the contract with scripts. */
export const EXIT = { done: 0, failed: 1, badUsage: 2 } as const;

/** Exit code for what a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badUsage;
  return error instanceof UsageError ? EXIT.badUsage : EXIT.failed;
}

/**
 * What a person is told about a failure: an expected one in its own words; anything else as a bug, with the trace
 * behind `CYTOLOCUS_DEBUG=1`.
 */
export function describeFailure(error: unknown, debug: boolean): string {
  if (error instanceof CytolocusError && error.code !== 'internal') return `error: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  const trace = debug && error instanceof Error ? `\n${error.stack}` : '';
  return `error: ${message}${trace}\nThis should not happen; run again with CYTOLOCUS_DEBUG=1 for the details and report it.`;
}

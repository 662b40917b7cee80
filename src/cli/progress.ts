import cliProgress from 'cli-progress';
import type { Output } from './output.js';

/** Tells how far long work is. */
export interface Progress {
  /** One more is done; `what` says which and what came of it. */
  step(what: string): void;
  /** The work is over, whether it succeeded or not. */
  stop(): void;
}

/** A bar that is redrawn on a terminal; elsewhere a plain line `[3/20] ...` a step. */
export function createProgress(output: Output, what: string, total: number): Progress {
  if (!output.interactive) {
    let done = 0;
    return {
      step(line) {
        done++;
        output.note(`[${done}/${total}] ${line}`);
      },
      stop() {},
    };
  }
  const bar = new cliProgress.SingleBar({
    format: `${what} {bar} {value}/{total} | ETA {eta_formatted} | {line}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stopOnComplete: false,
  });
  bar.start(total, 0, { line: '' });
  return {
    step: (line) => bar.increment(1, { line }),
    stop: () => bar.stop(),
  };
}

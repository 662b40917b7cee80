import type { Output } from './output.js';

/** Without a terminal a line of progress is printed this often. */
const LINE_EVERY_MS = 30_000;

/** A line that is redrawn on a terminal; elsewhere printed now and then, and when its part of the work is done. */
export function createLiveLine(output: Output) {
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(line: string, done: boolean) {
      if (output.interactive) {
        process.stderr.write(`\r\u001b[K${line}${done ? '\n' : ''}`);
        return;
      }
      const now = performance.now();
      if (!done && now - last < LINE_EVERY_MS) return;
      last = now;
      output.note(line);
    },
  };
}

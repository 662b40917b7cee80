/** One side of a benchmark as a process that works when it is asked, a line in, a line of JSON out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface SideProcess<Who, Answer = number> {
  /** What the side said of itself before its first turn. */
  readonly who: Who;
  /** Asks for one turn of work: mostly answered with seconds. */
  turn(request: string | number): Promise<Answer>;
  /** Starts the measure of `peakMemoryMb` anew: what a side needed to get ready does not count. */
  forgetPeakMemory(): void;
  /** Highest resident memory; null where the system does not tell it (it does on Linux). */
  peakMemoryMb(): number | null;
  /** Ends the process and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts a side and waits until it is warmed up. @throws Error with what the side printed, if it ends early */
export async function startSide<Who, Answer = number>(
  command: string,
  args: string[],
): Promise<SideProcess<Who, Answer>> {
  const child = spawn(command, args, { stdio: 'pipe' });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextAnswer = async (): Promise<string> => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`${command} ${args.join(' ')} ended early: ${complaints}`);
    return value;
  };

  const who: Who = JSON.parse(await nextAnswer());
  return {
    who,
    async turn(request) {
      child.stdin.write(`${request}\n`);
      return JSON.parse(await nextAnswer());
    },
    forgetPeakMemory() {
      const file = `/proc/${child.pid}/clear_refs`;
      // 5 sets the highest resident memory back to the present one (proc(5)).
      if (existsSync(file)) writeFileSync(file, '5');
    },
    peakMemoryMb() {
      const file = `/proc/${child.pid}/status`;
      const found = existsSync(file) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(file, 'utf8')) : null;
      return found ? Number(found[1]) / 1024 : null;
    },
    async end() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

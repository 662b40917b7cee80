import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('coco_oracle.py', import.meta.url));

export const pycocotoolsMissing = !existsSync(PYTHON);

/** pycocotools in a process of its own for all tests of a file; a question is one of those in coco_oracle.py. */
export function startPycocotools(): { ask<T>(question: object): Promise<T> } {
  let asking: (question: object) => Promise<unknown>;
  let end: () => void;
  beforeAll(() => {
    const child = spawn(PYTHON, ['-B', ORACLE], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    asking = async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('coco_oracle.py ended: see its message above');
      return JSON.parse(value);
    };
    end = () => child.stdin.end();
  });
  afterAll(() => end());
  return { ask: async <T>(question: object) => (await asking(question)) as T };
}

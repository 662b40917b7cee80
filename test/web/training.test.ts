import { afterAll, expect, test } from 'vitest';
import { loadRuntime } from '../../src/io/index.js';
import { hasBrowser, openPage } from './browser.js';
import { firstLosses } from './losses.js';

const STEPS = 6;
const site = hasBrowser ? await openPage() : undefined;
afterAll(() => site?.close());

test.skipIf(!site)(
  'a training in the browser (WebAssembly) makes the same steps as in Node',
  async () => {
    const expected = await firstLosses(await loadRuntime({ threads: 1 }), STEPS);
    const found = (await site?.page.evaluate(`window.train('cpu', ${STEPS})`)) as number[];
    expect(found).toHaveLength(STEPS);
    found.forEach((loss, step) => {
      expect(loss, `step ${step + 1}`).toBeCloseTo(expected[step], 4);
    });
  },
  60_000,
);

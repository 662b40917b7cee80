import { afterAll, expect, test } from 'vitest';
import { loadRuntime } from '../../src/io/index.js';
import { hasBrowser, openPage } from './browser.js';
import { firstLosses } from './losses.js';

/** Few: a graphics processor made by software takes some 10 s for the first. */
const STEPS = 3;
const site = hasBrowser ? await openPage() : undefined;
afterAll(() => site?.close());

test.skipIf(!site)(
  'a training on WebGPU makes the same steps as on the CPU',
  async (context) => {
    const adapter = await site?.page.evaluate(
      'navigator.gpu?.requestAdapter().then((found) => found !== null)',
    );
    if (!adapter) context.skip('this browser has no WebGPU adapter');
    const expected = await firstLosses(await loadRuntime({ threads: 1 }), STEPS);
    const found = (await site?.page.evaluate(`window.train('webgpu', ${STEPS})`)) as number[];
    expect(found).toHaveLength(STEPS);
    found.forEach((loss, step) => {
      expect(loss, `step ${step + 1}`).toBeCloseTo(expected[step], 4);
    });
  },
  300_000,
);

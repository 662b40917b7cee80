import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.full.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // No test changes what modules hold: files that share a process load the program once, in place of 135 times.
    isolate: false,
    // One a core: most tests leave the second core idle.
    maxWorkers: 2,
  },
});

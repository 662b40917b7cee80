import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.full.test.ts'],
    setupFiles: ['test/fixed-seed.ts'],
    testTimeout: 60_000,
  },
});

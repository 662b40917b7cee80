import { loadRuntime } from '../../src/io/index.js';

export * from './stripes.js';

/** One thread, so that sums are made in one order. */
export const runtime = await loadRuntime({ threads: 1 });

import { loadRuntime } from '../../src/io/index.js';

/** One thread: results do not depend on the machine's load or cores. */
export const runtime = await loadRuntime({ threads: 1 });

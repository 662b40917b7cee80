import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Version of the package, read without loading what it is a part of. */
export const VERSION: string = version;

import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Version of the package: a part of what results depend on. */
export const VERSION: string = version;

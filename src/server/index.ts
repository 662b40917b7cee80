/** The HTTP API and the page's server: uploads become jobs, jobs become results that are kept for a while. */
export { addApiKey } from './keys.js';
export { DEFAULT_LIMITS, type ServerLimits, type ServerOptions } from './options.js';
export { PROBLEMS } from './problem.js';
export { type Server, startServer } from './server.js';

/** The command line: turns arguments into runs, and results into tables, JSON and exit codes. */
export type { Output } from './output.js';
export { runProgram } from './program.js';

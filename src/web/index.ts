/** The browser's side: the same layers on `onnxruntime-web`. */
export { expectSameScores, withFallback } from './accelerated.js';
export { type BrowserOrt, browserRuntime } from './runtime.js';

/** The browser's side: the same layers on `onnxruntime-web`. */
export { type BrowserOrt, browserRuntime } from './runtime.js';

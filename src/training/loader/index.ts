export {
  type BatchPool,
  DEFAULT_WINDOW,
  type LoaderOptions,
  openBatchPool,
  openLoader,
  type StoreLoader,
} from './loader.js';

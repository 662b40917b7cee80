/** Crops of cells packed into large files that are read in sequence; the layout is described in docs/store.md. */
export {
  cropBytes,
  describeStore,
  isStore,
  readDescription,
  STORE_VERSION,
  type StoreDescription,
} from './description.js';
export {
  type CropStore,
  damagedCrop,
  follows,
  groupByShard,
  type Omission,
  type OpenStoreOptions,
  openShard,
  openStore,
  readCrops,
} from './reader.js';
export type { CellFacts, StoredCell, StoredField } from './table.js';
export { openStoreForAppend, type StoreWriter } from './writer.js';

/** Files and formats: the only layer below the faces that knows Node's file system. */

export { type AppendFile, openForAppend } from './append.js';
export { type ChannelNames, parseChannelNames } from './channel-names.js';
export { readChannelPlane, readComposite } from './channel-plane.js';
export { type CocoWriter, openCocoWriter, readCocoFile } from './coco.js';
export { readCocoResults } from './coco-results.js';
export { type CsvRecord, type CsvText, parseCsv } from './csv.js';
export { readCsvRecords, readWholeCsvRecords } from './csv-stream.js';
export { type FieldFromFiles, readField } from './field.js';
export { readMasks } from './field-masks.js';
export {
  compareNaturally,
  type FieldSource,
  type FoundFields,
  findFields,
} from './fields.js';
export { type AtomicFile, openAtomicFile, readInputFile, writeFileAtomic } from './file.js';
export { checkImageFile, checkOmeTiffFile, type ImageFacts } from './image-check.js';
export { encodeRgbJpeg } from './jpeg.js';
export { readJsonList } from './json-list.js';
export { type KerasWeight, readKerasWeights } from './keras-weights.js';
export { findDescription, type ModelPackage, openModelPackage } from './model-package.js';
export { NPY_HEADER_BYTES, type NpyReader, type NpyWriter, openNpy, openNpyForAppend } from './npy.js';
export { decodeNpy, encodeNpy, type NpyArray } from './npy-array.js';
export {
  ASSUMED_PIXEL_SIZES,
  type PixelSizeSource,
  type PixelSizes,
  pixelSizeOf,
  readPixelSizes,
} from './pixel-size.js';
export { encodeRgbPng, readLabelPng, writeLabelPng, writePlanePng, writeRgbPng } from './png.js';
export {
  type FileStamp,
  isFile,
  listFiles,
  listFolders,
  prepareFolder,
  readHead,
  readTextIfThere,
  removeFile,
  removeFolder,
  stampFile,
} from './presence.js';
export { loadRuntime, type RuntimeOptions } from './runtime.js';
export { appendTable, readTable, type Table, type TableRow, writeTable } from './table.js';
export { type Moved, openWorkerPool, type WorkerPool } from './worker-pool.js';

/** One field of view predicted, or a document of it made, in a worker thread. Imports little: each thread loads it anew. */
import type { MessagePort } from 'node:worker_threads';
import { InputError } from '../common/index.js';
import type { ChannelNames, Moved, PixelSizes } from '../io/index.js';
import { DEFAULT_THRESHOLD, type EdgePolicy } from '../predict/index.js';
import { type ClassifierFile, openClassifier } from './classifier-file.js';
import { type DocumentTask, writeDocument } from './document-file.js';
import type { NamedSegmenter } from './finish-field.js';
import type { Picture } from './pictures.js';
import { runPrediction } from './prediction.js';
import { openSegmenter } from './segmenter-file.js';

export interface PredictionTask {
  readonly kind: 'predict';
  /** Folder of one field's files. */
  readonly input: string;
  /** Folder of the results. */
  readonly out: string;
  /** A name or file, as of `openSegmenter`. */
  readonly segmenter: string;
  /** The classifier's file. */
  readonly model: string;
  readonly pixelSizes: PixelSizes;
  readonly edge: EdgePolicy;
  readonly pictures: readonly Picture[];
  /** What the files call the channels. @default as `findFields` */
  readonly channelNames?: ChannelNames;
  /** Gets each `PredictionStage` as it is over; closed at the end. */
  readonly port: MessagePort;
}

/** Opens a classifier, so that the first prediction does not wait for it. */
export interface WarmUp {
  readonly kind: 'warm-up';
  readonly model: string;
}

export type WorkerTask = PredictionTask | WarmUp | ({ readonly kind: 'document' } & DocumentTask);

/** null, or why the field could not be done. */
export interface PredictionOutcome {
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** Each thread opens a network once. */
const segmenters = new Map<string, Promise<NamedSegmenter>>();
const classifiers = new Map<string, Promise<ClassifierFile>>();

export default async function work(task: WorkerTask): Promise<Moved<PredictionOutcome>> {
  switch (task.kind) {
    case 'warm-up':
      await once(classifiers, task.model, (path) => openClassifier(path));
      break;
    case 'document':
      await writeDocument(task);
      break;
    case 'predict':
      try {
        return { result: { problem: await predict(task) }, moved: [] };
      } finally {
        task.port.close();
      }
  }
  return { result: { problem: null }, moved: [] };
}

async function predict(task: PredictionTask): Promise<PredictionOutcome['problem']> {
  const { input, out, pixelSizes, edge, pictures, channelNames, port } = task;
  const segmenter = await once(segmenters, task.segmenter, (name) => openSegmenter(name));
  const classifier = await once(classifiers, task.model, (path) => openClassifier(path));
  const { records, problems } = await runPrediction(
    [input],
    {
      ...{ out, pixelSizes, segmenter, classifier, edge, pictures, channelNames, submission: false },
      // The tables that the server hands out are made anew, with the job's own threshold.
      ...{ threshold: DEFAULT_THRESHOLD, explainer: null },
    },
    { found() {}, done() {}, problem() {}, stage: (stage) => port.postMessage(stage) },
  );
  if (problems.length === 0 && records.length === 1) return null;
  const [{ code, message }] = [...problems, new InputError('no-fields', `${input}: holds no field of view`)];
  return { code, message };
}

async function once<T>(
  opened: Map<string, Promise<T>>,
  name: string,
  open: (name: string) => Promise<T>,
): Promise<T> {
  const found = opened.get(name) ?? open(name);
  opened.set(name, found);
  try {
    return await found;
  } catch (error) {
    opened.delete(name);
    throw error;
  }
}

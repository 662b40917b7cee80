/** The browser's own engine, in a worker: the same layers as in the program, on WebAssembly and the graphics processor. */

import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { CytolocusError } from '../../common/index.js';
import { cutCrop } from '../../crops/index.js';
import { type FieldOfView, measureRegions, type Segmentation } from '../../imaging/index.js';
import { type Classifier, type Explainer, loadClassifier, loadExplainer } from '../../networks/index.js';
import { type FieldPrediction, predictField } from '../../predict/index.js';
import { channelWarnings, type FieldWarning, segmentClassical } from '../../segment/index.js';
import { defaultSynthSettings, simulateField } from '../../synthetic/index.js';
import { browserRuntime } from '../runtime.js';
import { expectSameScores, withFallback } from './accelerated.js';
import { type Problem, problemOf } from './field.js';
import { hasWebGpu, openWebGpu, WEBGPU_FILES, type WebGpuChoice } from './webgpu.js';

export type EngineTask =
  | { readonly kind: 'load'; readonly classifier: Uint8Array }
  /** Brings in the graphics processor where there is one; needs the classifier. */
  | { readonly kind: 'accelerate'; readonly choice: WebGpuChoice }
  | { readonly kind: 'predict'; readonly field: FieldOfView }
  | {
      readonly kind: 'explain';
      readonly field: FieldOfView;
      readonly segmentation: Segmentation;
      readonly cell: number;
      readonly location: number;
    }
  | { readonly kind: 'example'; readonly seed: number };

export interface EngineAnswers {
  readonly load: null;
  /** Addresses of the files that this took, for work offline. */
  readonly accelerate: readonly string[];
  readonly predict: FieldPrediction & { readonly warnings: readonly FieldWarning[] };
  /** The crop's values, channel by channel, and what each part of it adds to the score: columns x rows, row by row. */
  readonly explain: {
    readonly sizePx: number;
    readonly channels: readonly string[];
    readonly crop: Float32Array;
    readonly map: Float32Array;
    readonly columns: number;
    readonly rows: number;
  };
  readonly example: FieldOfView;
}

/** What computes the scores, and why not the graphics processor where it should have. */
export interface EngineDevice {
  readonly device: 'cpu' | 'webgpu';
  readonly problem: Problem | null;
}

export type EngineMessage =
  | { readonly device: EngineDevice }
  | { readonly id: number; readonly stage: string }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly problem: Problem };

ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href };
// The classifier takes little of the time; one thread works in every browser.
ort.env.wasm.numThreads = 1;

let file: Uint8Array | null = null;
let classifier: Classifier | null = null;
/** null: not tried yet. */
let device: EngineDevice | null = null;
let explainer: Explainer | null = null;

self.addEventListener('message', async (event: MessageEvent<{ id: number; task: EngineTask }>) => {
  const { id, task } = event.data;
  try {
    self.postMessage({ id, answer: await work(task, (stage) => self.postMessage({ id, stage })) });
  } catch (error) {
    self.postMessage({ id, problem: problemOf(error) });
  }
});

async function work(
  task: EngineTask,
  onStage: (stage: string) => void,
): Promise<EngineAnswers[EngineTask['kind']]> {
  switch (task.kind) {
    case 'load': {
      file = task.classifier;
      classifier ??= await loadClassifier(await browserRuntime(ort), file);
      return null;
    }
    case 'accelerate': {
      if (device === null) await accelerate(task.choice);
      return device?.device === 'webgpu' ? WEBGPU_FILES : [];
    }
    case 'predict': {
      const segment = async (field: FieldOfView) => segmentClassical(field);
      const prediction = await predictField(task.field, segment, loaded(), { onStage });
      return { ...prediction, warnings: channelWarnings(task.field) };
    }
    case 'explain': {
      const { field, segmentation, cell, location } = task;
      const region = measureRegions(segmentation.cells).find(({ label }) => label === cell);
      if (region === undefined) throw new CytolocusError('page-failed', `there is no cell ${cell}`);
      const options = loaded().metadata.crop;
      const crop = cutCrop(field, segmentation, region, options);
      // Most visitors never ask why: the gradients are built at the first question. One crop is done before a graphics processor
      // has translated its programs.
      explainer ??= await loadExplainer(await browserRuntime(ort), file ?? new Uint8Array());
      const map = await explainer.explain(crop, location);
      const { width: columns, height: rows } = explainer;
      return { sizePx: options.sizePx, channels: options.channels, crop, map, columns, rows };
    }
    case 'example': {
      const { seed } = task;
      const settings = { ...defaultSynthSettings, width: 512, height: 512, seed };
      return simulateField(settings, 0).field;
    }
  }
}

/** From here on the classifier works on the graphics processor, if there is one and as long as it is right. */
async function accelerate(choice: WebGpuChoice): Promise<void> {
  const sure = loaded();
  try {
    if (!(await hasWebGpu(choice))) {
      report({ device: 'cpu', problem: null });
      return;
    }
    const gpu = await openWebGpu();
    const fast = await loadClassifier(gpu.runtime, file ?? new Uint8Array());
    const lost = gpu.lost();
    await Promise.race([expectSameScores(fast, sure), lost]);
    classifier = withFallback(fast, sure, lost, reportFailed);
    report({ device: 'webgpu', problem: null });
  } catch (error) {
    reportFailed(error);
  }
}

function reportFailed(reason: unknown): void {
  const { code, values, message } = problemOf(reason);
  // What the runtime throws bears no code.
  const isTold = code.startsWith('device-');
  report({ device: 'cpu', problem: { code: isTold ? code : 'device-failed', values, message } });
}

function report(found: EngineDevice): void {
  device = found;
  self.postMessage({ device });
}

function loaded(): Classifier {
  if (classifier === null) throw new CytolocusError('page-failed', 'the network is not loaded');
  return classifier;
}

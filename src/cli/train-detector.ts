import { type Command, Option } from 'commander';
import { loadRuntime, readPixelSizes, writeFileAtomic } from '../io/index.js';
import { renderProgress } from '../learn/index.js';
import { CLASS_HEADS, type ClassHead, DETECTOR_NETWORKS } from '../networks/index.js';
import { DEFAULT_DETECTOR_RECIPE, type TrainedDetector, trainDetector } from '../training/index.js';
import { createLiveLine } from './live-line.js';
import { wholeNumber } from './options.js';
import type { Output } from './output.js';
import { CHANNEL_SETS, channelsOption } from './shared-options.js';
import { addTrainingOptions, type TrainingOptions, writeTrainingReport } from './training-options.js';

interface TrainDetectorOptions extends TrainingOptions {
  coco: string;
  images: string;
  out: string;
  network: string;
  channels: string;
  head: ClassHead;
  patch: number;
  epochs: number;
  steps?: number;
  batch: number;
}

/** `cytolocus train detector`: from a COCO data set to a Mask R-CNN. */
export async function trainDetectorCommand(options: TrainDetectorOptions, output: Output): Promise<void> {
  const { device, threads } = options;
  const runtime = await loadRuntime(threads === undefined ? { device } : { device, threads });
  const lines = createLiveLine(output);
  const trained = await trainDetector(
    runtime,
    {
      coco: options.coco,
      images: options.images,
      network: options.network,
      channels: CHANNEL_SETS[options.channels],
      classHead: options.head,
      patchPx: options.patch,
      epochs: options.epochs,
      stepsPerEpoch: options.steps ?? null,
      batchSize: options.batch,
      learningRate: options.lr,
      seed: options.seed,
      validationShare: options.validation,
      pixelSizes: await readPixelSizes(options.pixelSize),
    },
    {
      ...(options.resume === undefined ? {} : { resumeFolder: options.resume }),
      onImage: (done, total) => lines.update(`Reading images: ${done}/${total}`, done === total),
      onGathered({ problems, crowds, emptyMasks }, images) {
        for (const problem of problems) output.note(`error: ${problem.message}`);
        if (crowds > 0) output.note(`${crowds} annotations of crowds are left out`);
        if (emptyMasks > 0) output.note(`${emptyMasks} cells with an empty mask are left out`);
        output.note(`${images.training} images to train on, ${images.validation} to validate`);
      },
      onProgress: (progress) => lines.update(renderProgress(progress), progress.done),
    },
  );
  await writeFileAtomic(options.out, trained.onnx);
  if (options.report !== undefined) {
    const { metadata } = trained;
    await writeTrainingReport(options.report, metadata.network, trained, metadata.training);
  }
  if (options.json) output.print(JSON.stringify(toJson(trained, options.out), null, 2));
  else output.print(`wrote ${options.out} (${(trained.onnx.length / 1e6).toFixed(2)} MB)`);
}

function toJson({ history, gathered, stopped }: TrainedDetector, out: string) {
  const { images, problems, crowds, emptyMasks } = gathered;
  return {
    ...{ out, stopped, history, images: images.length, crowds, emptyMasks },
    problems: problems.map(({ code, message }) => ({ code, message })),
  };
}

/** Adds the command beside the other trainings. */
export function addTrainDetector(train: Command, output: Output): void {
  const { network, classHead, patchPx, epochs, batchSize } = DEFAULT_DETECTOR_RECIPE;
  const command = train
    .command('detector')
    .description('a Mask R-CNN that finds, outlines and locates cells, from a COCO data set')
    .requiredOption('--coco <file>', 'data set with masks, as `cytolocus coco` writes it (.json)')
    .requiredOption('--images <dir>', 'folder of its images: colour pictures, or ID_red, ID_green, ... files')
    .requiredOption('--out <file>', 'network file to write (.onnx)')
    .addOption(
      new Option('--network <name>', 'what is trained')
        .choices([...DETECTOR_NETWORKS.keys()])
        .default(network),
    )
    .addOption(channelsOption('rgby'))
    .addOption(
      new Option('--head <kind>', 'sigmoid: several locations a cell; softmax: one')
        .choices([...CLASS_HEADS])
        .default(classHead),
    )
    .option('--patch <px>', 'side of the patches', wholeNumber('--patch', 32), patchPx)
    .option('--epochs <n>', 'rounds between checkpoints', wholeNumber('--epochs', 1), epochs)
    .option('--steps <n>', 'steps a round (default: each image once)', wholeNumber('--steps', 1))
    .option('--batch <n>', 'patches a step', wholeNumber('--batch', 1), batchSize);
  addTrainingOptions(command, DEFAULT_DETECTOR_RECIPE).action((options: TrainDetectorOptions) =>
    trainDetectorCommand(options, output),
  );
}

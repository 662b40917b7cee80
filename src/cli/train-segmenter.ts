import { type Command, Option } from 'commander';
import { loadRuntime, readInputFile, readPixelSizes, writeFileAtomic } from '../io/index.js';
import { renderProgress } from '../learn/index.js';
import { SEGMENTER_NETWORKS, segmenterNetworkNamed } from '../networks/index.js';
import { DEFAULT_SEGMENTER_RECIPE, type TrainedSegmenter, trainSegmenter } from '../training/index.js';
import { createLiveLine } from './live-line.js';
import { wholeNumber } from './options.js';
import type { Output } from './output.js';
import { addTrainingOptions, type TrainingOptions, writeTrainingReport } from './training-options.js';

interface TrainSegmenterOptions extends TrainingOptions {
  data: string[];
  out: string;
  network: string;
  epochs: number;
  steps: number;
  batch: number;
  validationList?: string;
}

/** `cytolocus train segmenter`: from images with outlines to a network file. */
export async function trainSegmenterCommand(options: TrainSegmenterOptions, output: Output): Promise<void> {
  const { device, threads, validationList } = options;
  const validationIds = validationList === undefined ? null : await readIds(validationList);
  const runtime = await loadRuntime(threads === undefined ? { device } : { device, threads });
  const lines = createLiveLine(output);
  const trained = await trainSegmenter(
    runtime,
    {
      data: options.data,
      network: options.network,
      epochs: options.epochs,
      stepsPerEpoch: options.steps,
      batchSize: options.batch,
      learningRate: options.lr,
      seed: options.seed,
      validationIds,
      validationShare: options.validation,
      pixelSizes: await readPixelSizes(options.pixelSize),
    },
    {
      ...(options.resume === undefined ? {} : { resumeFolder: options.resume }),
      onImage: (done, total) => lines.update(`Reading outlines: image ${done}/${total}`, done === total),
      onGathered(gathered, images) {
        for (const problem of gathered.problems) output.note(`error: ${problem.message}`);
        output.note(`${images.training} images to train on, ${images.validation} to validate`);
      },
      onProgress: (progress) => lines.update(renderProgress(progress), progress.done),
    },
  );
  await writeFileAtomic(options.out, trained.onnx);
  if (options.report !== undefined) {
    const { metadata, history } = trained;
    const model = segmenterNetworkNamed(metadata.network).build();
    await writeTrainingReport(options.report, metadata.network, { model, history }, metadata.training);
  }
  if (options.json) output.print(JSON.stringify(toJson(trained, options.out), null, 2));
  else output.print(`wrote ${options.out} (${(trained.onnx.length / 1e6).toFixed(2)} MB)`);
}

/** One id a line; empty lines and lines that begin with # do not count. */
async function readIds(path: string): Promise<string[]> {
  const lines = new TextDecoder().decode(await readInputFile(path)).split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

function toJson({ history, gathered, stopped }: TrainedSegmenter, out: string) {
  const problems = gathered.problems.map(({ code, message }) => ({ code, message }));
  return { out, stopped, history, images: gathered.images.length, problems };
}

/** Adds the command beside the other trainings. */
export function addTrainSegmenter(train: Command, output: Output): void {
  const { network, epochs, stepsPerEpoch, batchSize } = DEFAULT_SEGMENTER_RECIPE;
  const names = [...SEGMENTER_NETWORKS.keys()];
  const command = train
    .command('segmenter')
    .description('learn to outline nuclei or cells from images with label images')
    .requiredOption(
      '--data <dir...>',
      'folders with images/ID.png and labels/ID.png (nuclei), or of fields with truth/ID/cells.png and nuclei.png',
    )
    .requiredOption('--out <file>', 'network file to write (.onnx)')
    .addOption(new Option('--network <name>', 'what is trained').choices(names).default(network))
    .option('--epochs <n>', 'rounds between checkpoints', wholeNumber('--epochs', 1), epochs)
    .option('--steps <n>', 'steps a round', wholeNumber('--steps', 1), stepsPerEpoch)
    .option('--batch <n>', 'patches a step', wholeNumber('--batch', 1), batchSize)
    .option('--validation-list <file>', 'ids of the images kept for judging instead, one a line');
  addTrainingOptions(command, DEFAULT_SEGMENTER_RECIPE).action((options: TrainSegmenterOptions) =>
    trainSegmenterCommand(options, output),
  );
}

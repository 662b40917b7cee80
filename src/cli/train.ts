import { type Command, Option } from 'commander';
import { LOCATIONS } from '../common/index.js';
import { BALANCES, type Balance } from '../dataset/index.js';
import { loadRuntime, readPixelSizes, writeFileAtomic } from '../io/index.js';
import { renderProgress } from '../learn/index.js';
import { NETWORKS, networkNamed } from '../networks/index.js';
import { DEFAULT_RECIPE, type Outlines, type TrainedClassifier, trainClassifier } from '../training/index.js';
import { createLiveLine } from './live-line.js';
import { type Fold, foldOption, share, wholeNumber } from './options.js';
import { formatTable, type Output } from './output.js';
import { addTrainDetector } from './train-detector.js';
import { addTrainSegmenter } from './train-segmenter.js';
import { addTrainingOptions, type TrainingOptions, writeTrainingReport } from './training-options.js';
import { addWeakLabelOptions, type WeakLabelOptions, weakLabelsOf } from './weak-label-options.js';

interface TrainClassifierOptions extends WeakLabelOptions, TrainingOptions {
  data: string[];
  out: string;
  network: string;
  activation: 'sigmoid' | 'softmax';
  epochs: number;
  batch: number;
  averaging: number;
  fold?: Fold;
  cellsPerField: number;
  outlines: Outlines;
  balance?: Balance;
  window: number;
  memory: number;
  omitDamaged: boolean;
}

const MEMORY_MB = 1024;

/** `cytolocus train classifier`: from fields with image labels to a network file. */
export async function trainClassifierCommand(options: TrainClassifierOptions, output: Output): Promise<void> {
  const { device, threads } = options;
  const runtime = await loadRuntime(threads === undefined ? { device } : { device, threads });
  const lines = createLiveLine(output);
  const trained = await trainClassifier(
    runtime,
    {
      data: options.data,
      network: options.network,
      activation: options.activation,
      weakLabels: weakLabelsOf(options),
      epochs: options.epochs,
      batchSize: options.batch,
      learningRate: options.lr,
      averaging: options.averaging === 0 ? null : options.averaging,
      seed: options.seed,
      validationShare: options.validation,
      fold: options.fold ?? null,
      cellsPerField: options.cellsPerField,
      outlines: options.outlines,
      pixelSizes: await readPixelSizes(options.pixelSize),
      balance: options.balance ?? null,
      window: options.window,
      omitDamaged: options.omitDamaged,
    },
    {
      memoryBytes: options.memory * 1e6,
      ...(options.resume === undefined ? {} : { resumeFolder: options.resume }),
      onField: (done, total) => lines.update(`Cutting out cells: field ${done}/${total}`, done === total),
      onGathered(leftOut, cells) {
        for (const problem of leftOut.problems) output.note(`error: ${problem.message}`);
        noteLeftOut(output, leftOut.imagesWithoutLabel.length, 'images have no label');
        noteLeftOut(output, leftOut.labelsWithoutImage.length, 'labels have no image');
        noteLeftOut(output, leftOut.fieldsWithoutCells.length, 'fields have no cells');
        noteLeftOut(output, leftOut.cellsWithoutLabel, 'crops have no label');
        noteLeftOut(output, leftOut.cellsOfSeveral, 'cells have several locations, and a softmax learns one');
        noteMissing(output, leftOut.untaught, 'no cell to learn from, and the network will not know them');
        noteMissing(output, leftOut.unjudged, 'no cell in the validation, and are not judged');
        for (const { shard, cells: damaged, reason } of leftOut.omitted) {
          noteLeftOut(output, damaged.length, `crops of ${shard} are damaged (${reason})`);
        }
        output.note(`${cells.training} cells to train on, ${cells.validation} to validate`);
      },
      onRound(round, rounds) {
        if (rounds > 1) output.note(`round ${round} of ${rounds}`);
      },
      onProgress: (progress) => lines.update(renderProgress(progress), progress.done),
    },
  );
  await writeFileAtomic(options.out, trained.onnx);
  if (options.report !== undefined) {
    const { metadata, history } = trained;
    const { network, crop, classes, training } = metadata;
    const model = networkNamed(network).build(crop.channels.length, classes.length);
    await writeTrainingReport(options.report, network, { model, history }, training);
  }
  if (options.json) output.print(JSON.stringify(toJson(trained, options.out), null, 2));
  else for (const line of describeTraining(trained, options.out)) output.print(line);
}

function noteLeftOut(output: Output, count: number, what: string): void {
  if (count > 0) output.note(`warning: ${count} ${what}; they are left out`);
}

function noteMissing(output: Output, ids: readonly number[], what: string): void {
  if (ids.length === 0) return;
  const names = ids.map((id) => LOCATIONS[id]).join(', ');
  output.note(`warning: ${ids.length} of ${LOCATIONS.length} locations have ${what}: ${names}`);
}

function describeTraining({ validation, onnx }: TrainedClassifier, out: string): string[] {
  const size = `wrote ${out} (${(onnx.length / 1e6).toFixed(2)} MB)`;
  if (validation === null) return [size];
  const rows = validation.perLocation.flatMap((ap, id) =>
    Number.isNaN(ap) ? [] : [[LOCATIONS[id], `${validation.positives[id]}`, ap.toFixed(3)]],
  );
  return [
    `validation: ranking of ${validation.cells} cells against their images' labels (weak)`,
    ...formatTable(['location', 'cells', 'AP'], rows, [false, true, true]),
    `mean AP ${validation.mAP.toFixed(3)}`,
    size,
  ];
}

function toJson({ validation, history, leftOut, stopped }: TrainedClassifier, out: string) {
  const perLocation = validation?.perLocation.map((ap, id) => [LOCATIONS[id], Number.isNaN(ap) ? null : ap]);
  return {
    out,
    stopped,
    history,
    validation:
      validation === null
        ? null
        : {
            mAP: validation.mAP,
            cells: validation.cells,
            perLocation: Object.fromEntries(perLocation ?? []),
          },
    problems: leftOut.problems.map(({ code, message }) => ({ code, message })),
    cellsOfSeveral: leftOut.cellsOfSeveral,
    untaught: leftOut.untaught.map((id) => LOCATIONS[id]),
    unjudged: leftOut.unjudged.map((id) => LOCATIONS[id]),
    omitted: leftOut.omitted.map(({ shard, cells, reason }) => ({ shard, crops: cells.length, reason })),
  };
}

/** Adds the command's arguments and options. */
export function addTrain(train: Command, output: Output): void {
  const { epochs, batchSize, cellsPerField, outlines, network, window } = DEFAULT_RECIPE;
  const { activation, averaging } = DEFAULT_RECIPE;
  const classifier = train
    .command('classifier')
    .description('learn the locations of cells from the labels of their images')
    .requiredOption(
      '--data <dir...>',
      'folders of fields, each with its train.csv (ID,Label); or a store of "cytolocus crops"',
    )
    .requiredOption('--out <file>', 'network file to write (.onnx)')
    .addOption(
      new Option('--network <name>', 'what is trained').choices([...NETWORKS.keys()]).default(network),
    )
    .addOption(
      new Option(
        '--activation <name>',
        'scores independent of each other, or one location a cell (images of one label only)',
      )
        .choices(['sigmoid', 'softmax'])
        .default(activation),
    )
    .option('--epochs <n>', 'times all cells are seen', wholeNumber('--epochs', 1), epochs)
    .option('--batch <n>', 'cells a step', wholeNumber('--batch', 1), batchSize)
    .option(
      '--averaging <share>',
      'share of the averaged weights that stays at each step; 0: the last weights',
      share('--averaging'),
      averaging ?? 0,
    )
    .option(
      '--fold <i/n>',
      'judge on fold i of n instead: every image is judged in one of them',
      foldOption('--fold'),
    )
    .option(
      '--cells-per-field <n>',
      'at most so many cells (from a store: all)',
      wholeNumber('--cells-per-field', 1),
      cellsPerField,
    )
    .addOption(
      new Option('--outlines <source>', 'cells outlined as in prediction, or by truth/ID/cells.png')
        .choices(['segmented', 'truth'])
        .default(outlines),
    )
    .addOption(
      new Option(
        '--balance <how>',
        'how rare locations are made up for (default: as a store says, else sample-weights)',
      ).choices([...BALANCES]),
    )
    .option(
      '--window <n>',
      'from a store: crops among which the next is drawn',
      wholeNumber('--window', 1),
      window,
    )
    .option(
      '--memory <mb>',
      'from a store: most memory for reading it: table of cells, threads, crops, batches',
      wholeNumber('--memory', 1),
      MEMORY_MB,
    )
    .option('--omit-damaged', 'from a store: leave damaged crops out instead of ending', false);
  addWeakLabelOptions(addTrainingOptions(classifier, DEFAULT_RECIPE)).action(
    (options: TrainClassifierOptions) => trainClassifierCommand(options, output),
  );
  addTrainSegmenter(train, output);
  addTrainDetector(train, output);
}

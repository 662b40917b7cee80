import type { Command } from 'commander';
import { LOCATIONS, UsageError } from '../common/index.js';
import { readPixelSizes } from '../io/index.js';
import { type AdaptationRun, runAdaptation } from '../runs/index.js';
import { rankByScore } from '../scoring/index.js';
import { DEFAULT_ADAPTATION, type FieldRanking, type JudgedField } from '../training/index.js';
import { createLiveLine } from './live-line.js';
import { noteFieldsLeftOut } from './omissions.js';
import { positiveNumber, wholeNumber } from './options.js';
import { formatTable, type Output } from './output.js';
import {
  addPredictionOptions,
  describeCalibration,
  type PredictionOptions,
  predictionSettings,
} from './prediction-options.js';
import { pixelSizeOption } from './shared-options.js';

interface AdaptOptions extends PredictionOptions {
  data: string[];
  labels?: string[];
  keep: string[];
  keepWeight: number;
  calibrate: string[];
  out: string;
  epochs: number;
  folds: number;
  cellsPerField: number;
  seed: number;
  pixelSize?: string;
  keepPixelSize?: string;
  json: boolean;
}

/** `cytolocus models adapt`: a classifier learns fields of another kind from a few dozen labelled ones. */
async function adapt(model: string, options: AdaptOptions, output: Output): Promise<void> {
  const { data, labels = null, keep, keepWeight, epochs, folds, cellsPerField, seed, out } = options;
  if (labels !== null && labels.length !== data.length) {
    throw new UsageError(
      'adapt-labels',
      `--labels names ${labels.length} table(s) for ${data.length} folder(s) of --data; expected one each, in the same order`,
    );
  }
  const keepPixelSizes = await readPixelSizes(options.keepPixelSize);
  const lines = createLiveLine(output);
  const run = await runAdaptation(
    {
      model,
      recipe: {
        ...{ data, labels, keep, keepWeight, epochs, folds, cellsPerField, seed },
        pixelSizes: await readPixelSizes(options.pixelSize),
        keepPixelSizes,
        prediction: predictionSettings(options),
        fieldModelData: options.fieldModel ?? [],
      },
      calibrationData: options.calibrate,
      calibrationPixelSizes: keepPixelSizes,
      out,
    },
    {
      onField: (done, total) => lines.update(`Cutting out cells: field ${done}/${total}`, done === total),
      onCrops: (done, total) => lines.update(`Features of crops: ${done}/${total}`, done === total),
      onFit: (fit, fits) => lines.update(`Fitting the last layer: ${fit}/${fits}`, fit === fits),
    },
  );
  for (const part of Object.values(run.leftOut)) if (part !== null) noteFieldsLeftOut(output, part);
  if (run.fieldModelDropped) {
    output.note(
      'warning: the field model of the classifier belongs to its former scores and is left out; give --field-model to learn a new one',
    );
  }
  if (options.json) output.print(JSON.stringify({ file: out, ...run }, null, 2));
  else for (const line of describe(run, folds, out)) output.print(line);
}

function describe({ judged, judgedCalibration }: AdaptationRun, folds: number, out: string): string[] {
  const rows = judged.map(({ field, cells, locations, after }) => [
    field,
    `${cells}`,
    after.averagePrecision.toFixed(3),
    placesOf(locations, after),
    firstOf(after),
  ]);
  return [
    `each field as ranked without its fold (${folds} folds of ${judged.length} fields):`,
    ...formatTable(['field', 'cells', 'AP', 'labels (place)', 'first three'], rows, [
      ...[false, true, true, false, false],
    ]),
    '',
    `before: ${summary(judged, ({ before }) => before)}`,
    `after:  ${summary(judged, ({ after }) => after)}`,
    ...(judgedCalibration === null
      ? ['not calibrated: give --calibrate, or use "cytolocus models calibrate"']
      : describeCalibration(judgedCalibration)),
    `wrote ${out}`,
  ];
}

function placesOf(locations: readonly number[], { scores }: FieldRanking): string {
  const order = [...rankByScore(scores)];
  return locations.map((id) => `${LOCATIONS[id]} (${order.indexOf(id) + 1})`).join(', ');
}

function firstOf({ scores }: FieldRanking): string {
  return [...rankByScore(scores).slice(0, 3)]
    .map((id) => `${LOCATIONS[id]} ${scores[id].toFixed(2)}`)
    .join(', ');
}

function summary(judged: readonly JudgedField[], of: (field: JudgedField) => FieldRanking): string {
  const rankings = judged.map(of);
  const mean = rankings.reduce((sum, { averagePrecision }) => sum + averagePrecision, 0) / rankings.length;
  const first = rankings.filter(({ firstIsTrue }) => firstIsTrue).length / rankings.length;
  return `mean average precision ${mean.toFixed(3)}, a label in first place in ${(100 * first).toFixed(0)} % of the fields`;
}

/** Adds the command to `models`. */
export function addAdapt(models: Command, output: Output): void {
  const { keepWeight, epochs, folds, cellsPerField, seed } = DEFAULT_ADAPTATION;
  const command = models
    .command('adapt')
    .description('teach a classifier fields of your own microscope from a few dozen labelled ones')
    .argument('<model>', 'classifier (.onnx)')
    .requiredOption('--data <dir...>', 'folders of labelled fields of the new kind')
    .option('--labels <csv...>', "table of each folder's labels (ID,Label) (default: its train.csv)")
    .requiredOption(
      '--keep <dir...>',
      'folders of fields of the kind it was trained on, with train.csv, as synth writes: what it says of them stays',
    )
    .requiredOption('--out <file>', 'the adapted classifier (.onnx)')
    .option(
      '--calibrate <dir...>',
      'folders of fields with truth/ in them, as synth writes, to calibrate it on (default: not calibrated)',
      [],
    )
    .option(
      '--keep-weight <n>',
      'weight of the kept fields beside the labelled ones',
      positiveNumber('--keep-weight'),
      keepWeight,
    )
    .option('--epochs <n>', 'times all crops are seen', wholeNumber('--epochs', 1), epochs)
    .option(
      '--folds <n>',
      'the labelled fields are judged by so many adaptations to the others',
      wholeNumber('--folds', 2),
      folds,
    )
    .option(
      '--cells-per-field <n>',
      'most cells of a field that are used',
      wholeNumber('--cells-per-field', 1),
      cellsPerField,
    )
    .option(
      '--seed <n>',
      'the same seed gives the same classifier',
      wholeNumber('--seed', 0, 4294967295),
      seed,
    )
    .addOption(pixelSizeOption())
    .option(
      '--keep-pixel-size <um|csv>',
      "the same for the fields of --keep, --field-model and --calibrate (default: the atlas's scale)",
    );
  addPredictionOptions(command)
    .option('--json', 'print what came of it as JSON', false)
    .action((model: string, options: AdaptOptions) => adapt(model, options, output));
}

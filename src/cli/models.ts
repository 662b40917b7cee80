import type { Command } from 'commander';
import { LOCATIONS } from '../common/index.js';
import { readPixelSizes } from '../io/index.js';
import {
  exportModel,
  importDetector,
  listModels,
  type ModelFacts,
  runCalibration,
  showModel,
} from '../runs/index.js';
import { addAdapt } from './adapt.js';
import { noteFieldsLeftOut } from './omissions.js';
import { positiveNumber } from './options.js';
import { formatTable, type Output } from './output.js';
import {
  addPredictionOptions,
  describeCalibration,
  type PredictionOptions,
  predictionSettings,
} from './prediction-options.js';
import { CHANNEL_SETS, channelsOption, pixelSizeOption } from './shared-options.js';

/** `cytolocus models list`: the networks that ship with the package. */
async function list({ json }: { json: boolean }, output: Output): Promise<void> {
  const models = await listModels();
  if (json) {
    output.print(JSON.stringify(models, null, 2));
    return;
  }
  const rows = models.map(({ name, kind, bytes, properties }) => [
    name,
    kind,
    `${properties['cytolocus.network'] ?? ''}`,
    (bytes / 1e6).toFixed(2),
  ]);
  const lines = formatTable(['name', 'kind', 'network', 'MB'], rows, [false, false, false, true]);
  for (const line of lines) output.print(line);
}

/** `cytolocus models show`: what a network says about itself. */
async function show(named: string, { json }: { json: boolean }, output: Output): Promise<void> {
  const facts = await showModel(named);
  if (json) output.print(JSON.stringify(facts, null, 2));
  else for (const line of describe(facts)) output.print(line);
}

function describe({ name, path, kind, bytes, sha256, inputs, outputs, properties }: ModelFacts): string[] {
  const tensors = (what: string, list: ModelFacts['inputs']) =>
    list.map((tensor): string[] => [what, `${tensor.name} [${tensor.shape.join(', ')}]`]);
  const rows = [
    ['name', name],
    ['file', path],
    ['kind', kind],
    ['size', `${(bytes / 1e6).toFixed(2)} MB`],
    ['SHA-256', sha256],
    ...tensors('input', inputs),
    ...tensors('output', outputs),
    ...Object.entries(properties).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, value]) => `${key.padEnd(width)}  ${value}`);
}

interface CalibrateOptions extends PredictionOptions {
  data: string[];
  out: string;
  pixelSize?: string;
  json: boolean;
}

/** `cytolocus models calibrate`: makes a classifier's scores probabilities. */
async function calibrate(model: string, options: CalibrateOptions, output: Output): Promise<void> {
  const { data, out, json } = options;
  const pixelSizes = await readPixelSizes(options.pixelSize);
  const { calibration, judged, leftOut } = await runCalibration({
    model,
    data,
    out,
    pixelSizes,
    prediction: predictionSettings(options),
    fieldModelData: options.fieldModel ?? [],
  });
  if (leftOut !== null) noteFieldsLeftOut(output, leftOut);
  if (json) {
    output.print(JSON.stringify({ file: out, calibration, judged }, null, 2));
    return;
  }
  const rows = LOCATIONS.map((name, id) => [
    name,
    calibration.slopes[id].toFixed(2),
    calibration.offsets[id].toFixed(2),
  ]);
  for (const line of formatTable(['location', 'slope', 'offset'], rows, [false, true, true]))
    output.print(line);
  output.print(
    `fitted on ${calibration.cells} cells of ${calibration.fields} fields; judged half by half, each by a fit on the other:`,
  );
  for (const line of describeCalibration(judged)) output.print(line);
  output.print(`wrote ${out}`);
}

interface ImportOptions {
  out: string;
  channels: string;
  labels?: string;
  pixelSize: number;
}

/** `cytolocus models import`: another tool's detector made ready for `predict --detector`. */
async function importModel(model: string, options: ImportOptions, output: Output): Promise<void> {
  const { out, channels, labels = null, pixelSize } = options;
  await importDetector({ model, out, labels, channels: CHANNEL_SETS[channels], pixelSizeUm: pixelSize });
  output.print(`wrote ${out}`);
}

/** Adds the command's arguments and options. */
export function addModels(models: Command, output: Output): void {
  models
    .command('list')
    .description('the networks that ship with the program')
    .option('--json', 'print all that is known as JSON', false)
    .action((options: { json: boolean }) => list(options, output));
  models
    .command('show')
    .description('what a network says about itself')
    .argument('<model>', 'classifier, nuclei, cells, detector, an .onnx file or a bioimage.io package')
    .option('--json', 'print it as JSON', false)
    .action((named: string, options: { json: boolean }) => show(named, options, output));
  models
    .command('export')
    .description("write a segmenter's network as a bioimage.io package")
    .argument('<model>', 'nuclei, cells, or an .onnx file written by "train segmenter"')
    .requiredOption('--out <dir|zip>', 'folder, or .zip file, to write')
    .action(async (named: string, { out }: { out: string }) => {
      for (const file of await exportModel(named, out)) output.print(`wrote ${file}`);
    });
  models
    .command('import')
    .description(
      "make a Mask R-CNN exported by torchvision (one image in; boxes, labels, scores and masks out) ready for 'predict --detector'",
    )
    .argument('<file>', 'ONNX network')
    .requiredOption('--out <file>', 'the network with what it means (.onnx)')
    .requiredOption('--pixel-size <um>', 'scale it works at', positiveNumber('--pixel-size'))
    .addOption(channelsOption('rgb'))
    .option('--labels <csv>', 'table label,location (default: label = class id + 1)')
    .action((model: string, options: ImportOptions) => importModel(model, options, output));
  const calibration = models
    .command('calibrate')
    .description(
      "fit a classifier's scores to cells whose locations are known, so that they are probabilities",
    )
    .argument('<model>', 'classifier (.onnx)')
    .requiredOption(
      '--data <dir...>',
      'folders of fields with truth/ in them, as synth writes; none that it was trained on',
    )
    .requiredOption('--out <file>', 'the classifier with its calibration (.onnx)')
    .addOption(pixelSizeOption());
  addPredictionOptions(calibration)
    .option('--json', 'print the calibration as JSON', false)
    .action((model: string, options: CalibrateOptions) => calibrate(model, options, output));
  addAdapt(models, output);
}

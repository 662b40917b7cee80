import type { Command } from 'commander';
import { LOCATIONS, UsageError } from '../common/index.js';
import { type ChannelNames, readPixelSizes } from '../io/index.js';
import {
  callLocations,
  DEFAULT_THRESHOLD,
  describeVariation,
  EDGE_POLICIES,
  type EdgePolicy,
  measureVariation,
  summarizeScores,
} from '../predict/index.js';
import {
  DEFAULT_DETECTOR,
  type FieldRecord,
  openPredictionSetup,
  type PredictionRun,
  type PredictionSetup,
  recordCells,
  runPrediction,
  SHIPPED_CLASSIFIER,
} from '../runs/index.js';
import { share } from './options.js';
import { formatTable, type Output } from './output.js';
import { describeOutcome, noteDoubts, tellPredictionRun } from './prediction-events.js';
import {
  addPolicyOptions,
  channelNamesOption,
  edgeOption,
  fieldWorkersOption,
  INPUT_HELP,
  type PolicyOptions,
  pixelSizeOption,
  policiesOf,
  segmenterOption,
} from './shared-options.js';

interface PredictOptions extends PolicyOptions {
  out: string;
  model: string;
  segmenter: string;
  detector?: string;
  pixelSize?: string;
  threshold: number;
  edge: EdgePolicy;
  submission: boolean;
  coco: boolean;
  geojson: boolean;
  channels?: ChannelNames;
  overlay: boolean;
  explain: boolean;
  workers: number;
  json: boolean;
}

/** `cytolocus predict`: the main job. Returns whether every field could be done. */
export async function predict(inputs: string[], options: PredictOptions, output: Output): Promise<boolean> {
  const { out, edge, overlay, submission, threshold } = options;
  const pixelSizes = await readPixelSizes(options.pixelSize);
  const setup = setupOf(options);
  // What is wrong with a network is said once, here.
  const opened = await openPredictionSetup(setup);
  const telling = tellPredictionRun(output, 'Predicting');
  let run: PredictionRun;
  try {
    run = await runPrediction(
      inputs,
      {
        out,
        pixelSizes,
        ...opened,
        edge,
        threshold,
        pictures: overlay ? ['overlay'] : [],
        submission,
        coco: options.coco,
        geojson: options.geojson,
        channelNames: options.channels,
        parallel: { workers: options.workers, setup },
      },
      telling.events,
    );
  } finally {
    telling.stop();
  }
  noteDoubts(output, run.records);
  if (options.json) output.print(JSON.stringify(toJson(run, threshold), null, 2));
  else if (run.records.length > 0) for (const line of describeRun(run, threshold, out)) output.print(line);
  return run.problems.length === 0;
}

function setupOf(options: PredictOptions): PredictionSetup {
  const { detector, segmenter, model, explain } = options;
  return detector === undefined
    ? { outlines: { segmenter, policies: policiesOf(options) }, model, explain }
    : { outlines: { detector }, model: null, explain: false };
}

/** The field's locations by the mean of its cells' scores; where none reaches the threshold, none is called. */
function fieldLocations(record: FieldRecord, threshold: number): { name: string; score: number }[] {
  const { mean } = summarizeScores(recordCells(record).flatMap(({ scores }) => scores ?? []));
  return callLocations(mean, threshold).map((id) => ({ name: LOCATIONS[id], score: mean[id] }));
}

function describeRun(run: PredictionRun, threshold: number, out: string): string[] {
  const rows = run.records.map((record) => [
    record.field,
    `${record.cells.length}`,
    fieldLocations(record, threshold)
      .map(({ name, score }) => `${name} ${(100 * score).toFixed(0)} %`)
      .join(', ') || '-',
    describeVariation(measureVariation(recordCells(record), threshold)),
  ]);
  const head = ['field', 'cells', `locations (mean score at least ${threshold})`, 'variation between cells'];
  return [...formatTable(head, rows, [false, true, false, false]), ...describeOutcome(run, out)];
}

function toJson(run: PredictionRun, threshold: number) {
  return {
    fields: run.records.map((record) => ({
      field: record.field,
      width: record.width,
      height: record.height,
      pixelSizeUm: record.pixelSizeUm,
      pixelSizeSource: record.pixelSizeSource,
      cells: record.cells.length,
      locations: fieldLocations(record, threshold),
      variation: describeVariation(measureVariation(recordCells(record), threshold)),
      warnings: record.warnings,
      seconds: record.seconds,
    })),
    problems: run.problems.map(({ code, message }) => ({ code, message })),
    files: run.files,
  };
}

/** Options of `addPolicyOptions`, by the names of their values. */
const POLICY_OPTIONS: readonly (keyof PolicyOptions)[] = [
  'touchingNuclei',
  'withoutNucleus',
  'minNucleusArea',
  'minCellArea',
];

/** What a detector does not follow must not be given beside it. */
function refuseBesideDetector({ detector }: PredictOptions, command: Command): void {
  if (detector === undefined) return;
  const names = ['model', 'segmenter', 'explain', ...POLICY_OPTIONS];
  const given = names.find((name) => command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  const { flags } = command.options.find((option) => option.attributeName() === given)!;
  throw new UsageError(
    'detector-option',
    `${flags.split(' ')[0]} cannot be used with --detector, which outlines and locates cells by itself; leave one of them out`,
  );
}

/** Adds the command's arguments and options; `done` is told whether every field could be done. */
export function addPredict(command: Command, output: Output, done: (success: boolean) => void): void {
  command
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--model <file>', 'classifier (.onnx)', SHIPPED_CLASSIFIER)
    .addOption(segmenterOption())
    .option(
      '--detector <file>',
      `a Mask R-CNN (.onnx), or ${DEFAULT_DETECTOR}, in place of segmenter and classifier`,
    )
    .addOption(channelNamesOption())
    .addOption(pixelSizeOption())
    .option(
      '--threshold <score>',
      'a cell shows a location from this score on, a field from this mean score on',
      share('--threshold'),
      DEFAULT_THRESHOLD,
    )
    .addOption(edgeOption());
  addPolicyOptions(command)
    .option('--submission', "also write submission.csv in the competition's format", false)
    .option('--coco', 'also write coco.json: COCO results, one for each cell and location', false)
    .option('--geojson', 'also write <field>/cells.geojson: outlines and scores, for QuPath', false)
    .option('--overlay', 'also write <field>/overlay.png: channels, outlines and cell numbers', false)
    .option(
      '--explain',
      'also write <field>/explain.png and <field>/explain/<cell>.png: what in a cell speaks for its best two locations',
      false,
    )
    .addOption(fieldWorkersOption())
    .option('--json', 'print the summary as JSON', false)
    .addHelpText(
      'after',
      `\nEdge policies: ${EDGE_POLICIES.join(', ')}.\nRun again, it does only what is missing.`,
    )
    .action(async (inputs: string[], options: PredictOptions) => {
      refuseBesideDetector(options, command);
      done(await predict(inputs, options, output));
    });
}

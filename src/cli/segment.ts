import type { Command } from 'commander';
import { type ChannelNames, readPixelSizes } from '../io/index.js';
import { DEFAULT_THRESHOLD, type EdgePolicy } from '../predict/index.js';
import {
  openPredictionSetup,
  PICTURES,
  type Picture,
  type PredictionRun,
  runPrediction,
} from '../runs/index.js';
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

interface SegmentOptions extends PolicyOptions {
  out: string;
  segmenter: string;
  channels?: ChannelNames;
  pixelSize?: string;
  edge: EdgePolicy;
  overlay: boolean;
  cytoplasm: boolean;
  merged: boolean;
  panels: boolean;
  workers: number;
  json: boolean;
}

/** `cytolocus segment`: outlines alone. Returns whether every field could be done. */
export async function segment(inputs: string[], options: SegmentOptions, output: Output): Promise<boolean> {
  const { out, edge } = options;
  const pixelSizes = await readPixelSizes(options.pixelSize);
  const { segmenter, workers } = options;
  const setup = { outlines: { segmenter, policies: policiesOf(options) }, model: null, explain: false };
  const opened = await openPredictionSetup(setup);
  const telling = tellPredictionRun(output, 'Segmenting');
  let run: PredictionRun;
  try {
    run = await runPrediction(
      inputs,
      {
        out,
        pixelSizes,
        ...opened,
        edge,
        threshold: DEFAULT_THRESHOLD,
        pictures: picturesOf(options),
        submission: false,
        channelNames: options.channels,
        parallel: { workers, setup },
      },
      telling.events,
    );
  } finally {
    telling.stop();
  }
  noteDoubts(output, run.records);
  if (options.json) output.print(JSON.stringify(toJson(run), null, 2));
  else if (run.records.length > 0) for (const line of describeRun(run, out)) output.print(line);
  return run.problems.length === 0;
}

function picturesOf(options: SegmentOptions): Picture[] {
  return PICTURES.filter((picture) => options[picture]);
}

function medianArea(areasUm2: number[]): number {
  const sorted = areasUm2.sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
}

function toJson(run: PredictionRun) {
  return {
    fields: run.records.map(
      ({ field, width, height, pixelSizeUm, pixelSizeSource, cells, warnings, seconds }) => ({
        field,
        width,
        height,
        pixelSizeUm,
        pixelSizeSource,
        cells: cells.length,
        medianCellAreaUm2: medianArea(cells.map(({ areaUm2 }) => areaUm2)),
        medianNucleusAreaUm2: medianArea(cells.map(({ nucleusAreaUm2 }) => nucleusAreaUm2)),
        warnings,
        seconds,
      }),
    ),
    problems: run.problems.map(({ code, message }) => ({ code, message })),
    files: run.files,
  };
}

function describeRun(run: PredictionRun, out: string): string[] {
  const { fields } = toJson(run);
  const rows = fields.map(({ field, cells, medianCellAreaUm2, medianNucleusAreaUm2 }) => [
    field,
    `${cells}`,
    medianCellAreaUm2.toFixed(0),
    medianNucleusAreaUm2.toFixed(0),
  ]);
  const heads = ['field', 'cells', 'median cell um2', 'median nucleus um2'];
  return [...formatTable(heads, rows, [false, true, true, true]), ...describeOutcome(run, out)];
}

/** Adds the command's arguments and options; `done` is told whether every field could be done. */
export function addSegment(command: Command, output: Output, done: (success: boolean) => void): void {
  command
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--out <dir>', 'folder for the results')
    .addOption(segmenterOption())
    .addOption(channelNamesOption())
    .addOption(pixelSizeOption())
    .addOption(edgeOption());
  addPolicyOptions(command)
    .option('--no-overlay', 'leave the overlay pictures out')
    .option(
      '--cytoplasm',
      'also write <field>/cytoplasm.png: each cell less its nucleus, numbered as the cell',
      false,
    )
    .option('--merged', 'also write <field>/merged.png: 0 background, 127 cytoplasm, 255 nucleus', false)
    .option(
      '--panels',
      'also write <field>/panels.png: recomposed image, raw segmentation, cells, nuclei, merged mask',
      false,
    )
    .addOption(fieldWorkersOption())
    .option('--json', 'print the summary as JSON', false)
    .action(async (inputs: string[], options: SegmentOptions) =>
      done(await segment(inputs, options, output)),
    );
}

import { type Command, Option } from 'commander';
import { LOCATIONS } from '../common/index.js';
import { type CropOptions, DEFAULT_CROP, MASKINGS, type Masking, RESIZE_KINDS } from '../crops/index.js';
import {
  BALANCES,
  type Balance,
  balancedCounts,
  countLocations,
  openStore,
  planBalance,
} from '../dataset/index.js';
import { CHANNELS, type Channel } from '../imaging/index.js';
import { type ChannelNames, readPixelSizes } from '../io/index.js';
import { type CroppingRun, runCropping } from '../runs/index.js';
import { createFieldProgress } from './field-progress.js';
import { noteOmissions } from './omissions.js';
import { channelList, numberFrom0, positiveNumber, wholeNumber } from './options.js';
import { formatTable, type Output } from './output.js';
import { channelNamesOption, INPUT_HELP, masksOption, pixelSizeOption } from './shared-options.js';

interface CropsOptions {
  out: string;
  labels?: string;
  masks?: string;
  masking: Masking;
  cleanProtein: boolean;
  channels: Channel[];
  size: number;
  resize: CropOptions['resize']['kind'];
  scale: number;
  margin: number;
  intensities: 'field' | 'full-scale';
  cellsPerField?: number;
  balance?: Balance;
  channelNames?: ChannelNames;
  pixelSize?: string;
  seed: number;
  workers?: number;
  json: boolean;
}

/** `cytolocus crops`: one crop a cell into a packed store. Returns whether every field could be done. */
export async function crops(inputs: string[], options: CropsOptions, output: Output): Promise<boolean> {
  const { out, cellsPerField, seed, workers } = options;
  const pixelSizes = await readPixelSizes(options.pixelSize);
  const progress = createFieldProgress(output, 'Cutting out');
  let run: CroppingRun;
  try {
    run = await runCropping(
      inputs,
      {
        ...{ out, pixelSizes, seed, crop: toCropOptions(options), balance: options.balance ?? null },
        labels: options.labels ?? null,
        masksFolder: options.masks ?? null,
        cellsPerField: cellsPerField ?? null,
        channelNames: options.channelNames,
        ...(workers === undefined ? {} : { threads: workers }),
      },
      progress,
    );
  } finally {
    progress.stop();
  }
  noteOmissions(output, [
    ['images without a label', run.imagesWithoutLabel],
    ['labels without an image', run.labelsWithoutImage],
    ['fields without a cell', run.fieldsWithoutCells],
  ]);
  if (options.json) output.print(JSON.stringify(toJson(run, out), null, 2));
  else {
    if (options.balance !== undefined) {
      for (const line of await describeBalance(out, options.balance, seed)) output.print(line);
    }
    const failures = run.problems.length === 0 ? '' : `, ${run.problems.length} failed`;
    output.print(
      `${run.fields} fields (${run.keptFields} done before)${failures}: ${run.cells} crops in the store ${out}`,
    );
  }
  return run.problems.length === 0;
}

function toCropOptions(options: CropsOptions): CropOptions {
  const { size, channels, masking, cleanProtein, margin, resize, scale, intensities } = options;
  return {
    sizePx: size,
    channels,
    masking,
    ...(cleanProtein ? { cleanProtein } : {}),
    marginUm: margin,
    resize: resize === 'crop' || resize === 'fit' ? { kind: resize, pixelUm: scale } : { kind: resize },
    normalisation: intensities === 'field' ? DEFAULT_CROP.normalisation : { kind: 'full-scale' },
  };
}

/** Cells of each location as they are, and as an epoch of training will weigh them. */
async function describeBalance(out: string, method: Balance, seed: number): Promise<string[]> {
  const { cells } = await openStore(out);
  const locations = cells.map((cell) => cell.locations);
  const before = countLocations(locations);
  const after = balancedCounts(locations, planBalance(locations, { method, seed }));
  const rows = LOCATIONS.flatMap((name, id) =>
    before[id] === 0 ? [] : [[name, `${before[id]}`, after[id].toFixed(0)]],
  );
  return formatTable(['location', 'crops', method], rows, [false, true, true]);
}

function toJson({ problems, ...run }: CroppingRun, out: string) {
  return { out, ...run, problems: problems.map(({ code, message }) => ({ code, message })) };
}

const DEFAULT_SCALE_UM = 'pixelUm' in DEFAULT_CROP.resize ? DEFAULT_CROP.resize.pixelUm : 0.25;

/** Adds the command's arguments and options; `done` is told whether every field could be done. */
export function addCrops(command: Command, output: Output, done: (success: boolean) => void): void {
  const { sizePx, masking, marginUm, resize } = DEFAULT_CROP;
  command
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--out <store>', 'folder of the store; one that is there is added to')
    .option('--labels <csv>', "table of the images' labels (ID,Label); images without one are left out")
    .addOption(masksOption())
    .addOption(
      new Option('--masking <which>', "pixels set to 0: none, the neighbours', or fully all outside the cell")
        .choices([...MASKINGS])
        .default(masking),
    )
    .option('--clean-protein', "set the protein's pixels outside the cell to 0, whatever the masking", false)
    .option('--channels <list>', 'channels of a crop, joined by commas', channelList('--channels'), [
      ...CHANNELS,
    ])
    .option('--size <px>', 'width and height of a crop', wholeNumber('--size', 1, 4096), sizePx)
    .addOption(
      new Option(
        '--resize <policy>',
        'the box stretched, padded to a square, or cut at one scale (crop; fit: grown for large cells)',
      )
        .choices([...RESIZE_KINDS])
        .default(resize.kind),
    )
    .option(
      '--scale <um>',
      'um a pixel of the crop, for crop and fit',
      positiveNumber('--scale'),
      DEFAULT_SCALE_UM,
    )
    .option('--margin <um>', 'added around the box of the cell', numberFrom0('--margin'), marginUm)
    .addOption(
      new Option('--intensities <how>', "1 stands for the field's brightest cell pixels, or for full scale")
        .choices(['field', 'full-scale'])
        .default('field'),
    )
    .option(
      '--cells-per-field <n>',
      'at most so many cells (default: all)',
      wholeNumber('--cells-per-field', 1),
    )
    .addOption(
      new Option(
        '--balance <how>',
        'how training shall make up for rare locations: noted in the store, which keeps all crops',
      ).choices([...BALANCES]),
    )
    .option('--seed <n>', 'which cells are drawn', wholeNumber('--seed', 0, 4294967295), 1)
    .addOption(channelNamesOption('--channel-names'))
    .addOption(pixelSizeOption())
    .option('--workers <n>', 'threads that cut (default: one a core)', wholeNumber('--workers', 1, 256))
    .option('--json', 'print the summary as JSON', false)
    .action(async (inputs: string[], options: CropsOptions) => done(await crops(inputs, options, output)));
}

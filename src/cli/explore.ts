import { type Command, Option } from 'commander';
import { InputError, UsageError } from '../common/index.js';
import {
  describeLabels,
  type Exploration,
  isStore,
  LANGUAGES,
  type Language,
  readLabels,
} from '../dataset/index.js';
import { readPixelSizes, writeFileAtomic } from '../io/index.js';
import { exploreFields, exploreStore, openSegmenter } from '../runs/index.js';
import { createFieldProgress } from './field-progress.js';
import { noteOmissions } from './omissions.js';
import { wholeNumber } from './options.js';
import type { Output } from './output.js';
import { masksOption, pixelSizeOption, segmenterOption } from './shared-options.js';

interface ExploreOptions {
  out: string;
  labels?: string;
  masks?: string;
  segmenter: string;
  language: Language;
  seed: number;
  pixelSize?: string;
  json: boolean;
}

/** `cytolocus explore`: a page about a data set. Returns whether every field could be read. */
export async function explore(inputs: string[], options: ExploreOptions, output: Output): Promise<boolean> {
  const { out, language, seed } = options;
  const { labels, fields } = await gather(inputs, options, output);
  const exploration = { source: inputs.join(', '), labels, fields };
  const { explorePage } = await import('../dataset/explore/index.js');
  await writeFileAtomic(out, explorePage(exploration, { language, seed }));
  noteOmissions(output, [
    ['images with a label that names none of the 19 locations', labels?.unlabelled ?? []],
    ['images without a label', fields?.imagesWithoutLabel ?? []],
    ['labels without an image', fields?.labelsWithoutImage ?? []],
  ]);
  if (options.json) output.print(JSON.stringify(toJson(exploration, out), null, 2));
  else output.print(`${describe(exploration)}: ${out}`);
  return fields === null || fields.problems.length === 0;
}

async function gather(
  inputs: string[],
  options: ExploreOptions,
  output: Output,
): Promise<Omit<Exploration, 'source'>> {
  if (inputs.some((input) => /\.csv$/i.test(input))) {
    if (inputs.length > 1 || options.labels !== undefined) {
      throw new UsageError(
        'bad-input',
        `explore: a label table is explored alone, found ${inputs.join(', ')}; for fields of view give the table as --labels`,
      );
    }
    const labels = await readLabels(inputs[0]);
    if (labels.locations.size > 0) return { labels, fields: null };
    throw new InputError(
      'no-labels',
      `${inputs[0]}: no image has one of the 19 locations; expected rows such as "ID,8|5|0"`,
    );
  }
  if (inputs.length === 1 && (await isStore(inputs[0]))) return exploreStore(inputs[0], options.seed);
  const progress = createFieldProgress(output, 'Looking at');
  try {
    return await exploreFields(
      inputs,
      {
        labels: options.labels ?? null,
        outlines: { masks: options.masks ?? null, segmenter: await openSegmenter(options.segmenter) },
        pixelSizes: await readPixelSizes(options.pixelSize),
        seed: options.seed,
      },
      progress,
    );
  } finally {
    progress.stop();
  }
}

function describe({ labels, fields }: Exploration): string {
  const parts = [
    ...(labels === null ? [] : [`${labels.locations.size} labelled images`]),
    ...(fields === null ? [] : [`${fields.cellsPerField.length} fields with ${fields.cells.length} cells`]),
  ];
  return parts.join(', ');
}

function toJson({ labels, fields }: Exploration, file: string) {
  const statistics = labels === null ? null : describeLabels(labels);
  return {
    file,
    images: statistics?.images ?? null,
    labels: statistics && [...statistics.labels],
    alone: statistics && [...statistics.alone],
    imagesWith: statistics && [...statistics.imagesWith],
    imagesByLabels: statistics && [...statistics.imagesByLabels],
    repeated: labels?.repeated.size ?? null,
    unlabelled: labels?.unlabelled ?? null,
    fields: fields?.cellsPerField.length ?? null,
    cells: fields?.cells.length ?? null,
    imagesWithoutLabel: fields?.imagesWithoutLabel ?? null,
    labelsWithoutImage: fields?.labelsWithoutImage ?? null,
    problems: fields?.problems ?? [],
  };
}

/** Adds the command's arguments and options; `done` is told whether every field could be read. */
export function addExplore(command: Command, output: Output, done: (success: boolean) => void): void {
  command
    .argument(
      '<input...>',
      'a label table (train.csv), folders of fields with their train.csv, or a store of crops',
    )
    .requiredOption('--out <file>', 'page to write (.html)')
    .option('--labels <csv>', 'label table of the fields (default: train.csv in the first folder)')
    .addOption(masksOption())
    .addOption(segmenterOption())
    .addOption(new Option('--language <code>', 'of the page').choices([...LANGUAGES]).default('en'))
    .option(
      '--seed <n>',
      'the same seed shows the same cells and plans the same balance',
      wholeNumber('--seed', 0, 4294967295),
      1,
    )
    .addOption(pixelSizeOption())
    .option('--json', 'print the counts as JSON', false)
    .action(async (inputs: string[], options: ExploreOptions) =>
      done(await explore(inputs, options, output)),
    );
}

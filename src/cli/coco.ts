import { type Command, Option } from 'commander';
import { readPixelSizes } from '../io/index.js';
import { COCO_MASKS, type CocoMask } from '../masks/index.js';
import { type CocoExport, exportCoco, openSegmenter } from '../runs/index.js';
import { createFieldProgress } from './field-progress.js';
import { noteOmissions } from './omissions.js';
import type { Output } from './output.js';
import { INPUT_HELP, masksOption, pixelSizeOption, segmenterOption } from './shared-options.js';

interface CocoOptions {
  out: string;
  labels?: string;
  masks?: string;
  segmenter: string;
  encoding: CocoMask;
  png?: string;
  pixelSize?: string;
  json: boolean;
}

/** `cytolocus coco`: cells and their locations as a COCO data set. Returns whether every field could be done. */
export async function coco(inputs: string[], options: CocoOptions, output: Output): Promise<boolean> {
  const { out, encoding, labels = null, masks = null, png = null } = options;
  const segmenter = await openSegmenter(options.segmenter);
  const pixelSizes = await readPixelSizes(options.pixelSize);
  const progress = createFieldProgress(output, 'Outlining');
  let result: CocoExport;
  try {
    result = await exportCoco(
      inputs,
      { out, labels, outlines: { masks, segmenter }, pixelSizes, encoding, pictures: png },
      progress,
    );
  } finally {
    progress.stop();
  }
  const { images, cells, annotations, problems } = result;
  noteOmissions(output, [
    ['images without a label', result.imagesWithoutLabel],
    ['labels without an image', result.labelsWithoutImage],
    ['cells without known locations', result.cellsWithoutLabel],
  ]);
  if (options.json) output.print(JSON.stringify(toJson(result, out), null, 2));
  else if (images > 0) {
    output.print(`${annotations} annotations of ${cells} cells in ${images} images: ${out}`);
  }
  if (images === 0) output.note('error: no labelled field could be read; nothing was written');
  return images > 0 && problems.length === 0;
}

function toJson({ problems, ...counts }: CocoExport, out: string) {
  return {
    ...counts,
    problems: problems.map(({ code, message }) => ({ code, message })),
    file: counts.images > 0 ? out : null,
  };
}

/** Adds the command's arguments and options; `done` is told whether every field could be done. */
export function addCoco(command: Command, output: Output, done: (success: boolean) => void): void {
  command
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--out <file>', 'data set to write (.json)')
    .option('--labels <csv>', "train.csv (ID,Label): an image's locations are given to all its cells")
    .addOption(masksOption("; without --labels each cell's locations from its cells.csv"))
    .addOption(segmenterOption())
    .addOption(
      new Option('--encoding <form>', 'of masks: compressed run lengths, plain run lengths, or polygons')
        .choices([...COCO_MASKS])
        .default(COCO_MASKS[0]),
    )
    .option('--png <dir>', 'also write ID.png: microtubules, protein and nuclei as red, green and blue')
    .addOption(pixelSizeOption())
    .option('--json', 'print the summary as JSON', false)
    .action(async (inputs: string[], options: CocoOptions) => done(await coco(inputs, options, output)));
}

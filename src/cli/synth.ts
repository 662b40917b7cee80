import { type Command, Option } from 'commander';
import { UsageError } from '../common/index.js';
import { runSynthesis } from '../runs/index.js';
import { defaultSynthSettings, type SynthSettings } from '../synthetic/index.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { createProgress } from './progress.js';

interface SynthOptions {
  out: string;
  images: number;
  size: string;
  seed: number;
  pixelSize?: number;
  labels: string;
  bitDepth: string;
  json: boolean;
}

/** Width of a field of the atlas: what a synthetic field shows, whatever its size in pixels. */
const FIELD_UM = 163.84;

/** `cytolocus synth`: synthetic fields of view with their truth. */
export async function synth(options: SynthOptions, output: Output): Promise<void> {
  const settings = toSettings(options);
  const progress = createProgress(output, 'Simulating', options.images);
  try {
    const run = await runSynthesis(options.images, settings, options.out, (id, cells) =>
      progress.step(`${id}: ${cells} cells`),
    );
    progress.stop();
    const summary = { out: options.out, fields: run.ids.length, kept: run.kept, cells: run.cells };
    if (options.json) output.print(JSON.stringify(summary, null, 2));
    else {
      output.print(
        `${run.ids.length} synthetic fields (${run.kept} made before) with ${run.cells} cells in ${options.out}`,
      );
    }
  } finally {
    progress.stop();
  }
}

function toSettings(options: SynthOptions): SynthSettings {
  const [width, height] = parseSize(options.size);
  return {
    ...defaultSynthSettings,
    width,
    height,
    pixelSizeUm: options.pixelSize ?? FIELD_UM / Math.max(width, height),
    bitDepth: options.bitDepth === '16' ? 16 : 8,
    seed: options.seed,
    labels: options.labels === 'balanced' ? 'balanced' : 'natural',
  };
}

/** `512` or `640x480`. */
function parseSize(text: string): [number, number] {
  const match = /^(\d+)(?:x(\d+))?$/.exec(text.trim());
  if (match === null) {
    throw new UsageError('bad-option', `--size is "${text}", expected pixels such as 512 or 640x480`);
  }
  const width = Number(match[1]);
  return [width, match[2] === undefined ? width : Number(match[2])];
}

/** Adds the command to the program. */
export function addSynth(program: Command, output: Output): void {
  program
    .command('synth')
    .description('make synthetic fields of view with masks, image labels and the truth of every cell')
    .requiredOption('--out <dir>', 'folder for the fields')
    .option('--images <n>', 'how many fields', wholeNumber('--images', 1), 20)
    .option('--size <px>', 'width (and height, as 640x480) in pixels', '512')
    .option('--seed <n>', 'the same seed gives the same fields', wholeNumber('--seed', 0, 4294967295), 1)
    .option(
      '--pixel-size <um>',
      `edge of a pixel in um (default: ${FIELD_UM} um across the field, as in the atlas)`,
      positiveNumber('--pixel-size'),
    )
    .addOption(
      new Option('--labels <how>', "natural: as frequent as in the competition's training table; or balanced")
        .choices(['natural', 'balanced'])
        .default('natural'),
    )
    .addOption(new Option('--bit-depth <bits>', 'of the image files').choices(['8', '16']).default('8'))
    .option('--json', 'print the summary as JSON', false)
    .action((options: SynthOptions) => synth(options, output));
}

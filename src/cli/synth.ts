import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { locationIndex, UsageError } from '../common/index.js';
import { readSynthSettings, runRealism, runSynthesis, type SettingsFile, VERSION } from '../runs/index.js';
import { CELL_STYLES, defaultSynthSettings, type SynthSettings } from '../synthetic/index.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { createProgress } from './progress.js';

interface SynthOptions {
  out?: string;
  images: number;
  settings?: string;
  size?: string;
  seed?: number;
  pixelSize?: number;
  labels?: SynthSettings['labels'];
  locations?: string;
  style?: SynthSettings['style'];
  bitDepth?: string;
  workers: number;
  report?: string;
  real?: string;
  json: boolean;
}

/** Width of a field of the atlas: what a synthetic field shows, whatever its size in pixels. */
const FIELD_UM = 163.84;
/** More are of no use: a worker takes about 200 MB. */
const MOST_WORKERS = 8;

/** `cytolocus synth`: synthetic fields of view with their truth, or the report that sets them beside real ones. */
export async function synth(options: SynthOptions, output: Output): Promise<void> {
  if ((options.report === undefined) !== (options.real === undefined)) {
    throw new UsageError(
      'bad-option',
      '--report and --real go together: the page to write and the real data',
    );
  }
  const settings = toSettings(options, await openSettings(options, output));
  if (options.report !== undefined && options.real !== undefined) {
    await report(options, settings, output, options.report, options.real);
  }
  if (options.out !== undefined) await makeFields(options, settings, output, options.out);
  else if (options.report === undefined) {
    throw new UsageError('bad-option', 'say where the fields go, --out <dir>, or ask for --report <page>');
  }
}

async function makeFields(
  options: SynthOptions,
  settings: SynthSettings,
  output: Output,
  out: string,
): Promise<void> {
  const progress = createProgress(output, 'Simulating', options.images);
  try {
    const run = await runSynthesis(options.images, settings, out, {
      workers: options.workers,
      onField: (id, cells) => progress.step(`${id}: ${cells} cells`),
    });
    progress.stop();
    const summary = { out, fields: run.ids.length, kept: run.kept, cells: run.cells };
    if (options.json) output.print(JSON.stringify(summary, null, 2));
    else {
      output.print(
        `${run.ids.length} synthetic fields (${run.kept} made before) with ${run.cells} cells in ${out}`,
      );
    }
  } finally {
    progress.stop();
  }
}

async function report(
  options: SynthOptions,
  settings: SynthSettings,
  output: Output,
  path: string,
  real: string,
): Promise<void> {
  const summary = await runRealism({
    images: options.images,
    settings,
    real,
    report: path,
    onStage: (stage) => output.note(stage),
  });
  if (options.json) output.print(JSON.stringify(summary, null, 2));
  else {
    for (const { channel, accuracy } of summary.judge?.byChannel ?? []) {
      output.print(`judge, ${channel}: ${(100 * accuracy).toFixed(1)} % right`);
    }
    output.print(`report: ${path}`);
  }
}

async function openSettings(options: SynthOptions, output: Output): Promise<SettingsFile | null> {
  if (options.settings === undefined) return null;
  const file = await readSynthSettings(options.settings);
  if (file.version !== undefined && file.version !== VERSION) {
    output.note(
      `${options.settings}: written by version ${file.version}, this is ${VERSION}: the fields may differ`,
    );
  }
  return file;
}

/** Options win over the settings file, the file over the defaults. */
function toSettings(options: SynthOptions, file: SettingsFile | null): SynthSettings {
  const base = file?.settings ?? defaultSynthSettings;
  const [width, height] = options.size === undefined ? [base.width, base.height] : parseSize(options.size);
  const scaled = file === null || options.size !== undefined;
  return {
    ...base,
    width,
    height,
    pixelSizeUm: options.pixelSize ?? (scaled ? FIELD_UM / Math.max(width, height) : base.pixelSizeUm),
    bitDepth: options.bitDepth === undefined ? base.bitDepth : options.bitDepth === '16' ? 16 : 8,
    seed: options.seed ?? base.seed,
    labels: options.labels ?? base.labels,
    locations: options.locations?.split(',').map(locationIndex) ?? base.locations,
    style: options.style ?? base.style,
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

/** Adds the command's arguments and options. */
export function addSynth(command: Command, output: Output): void {
  command
    .option('--out <dir>', 'folder for the fields')
    .option('--images <n>', 'how many fields', wholeNumber('--images', 1), 20)
    .option('--settings <file>', 'settings.json of another folder, or a part of one: options given here win')
    .option('--size <px>', 'width (and height, as 640x480) in pixels (default: 512)')
    .option(
      '--seed <n>',
      'the same seed gives the same fields (default: 1)',
      wholeNumber('--seed', 0, 4294967295),
    )
    .option(
      '--pixel-size <um>',
      `edge of a pixel in um (default: ${FIELD_UM} um across the field, as in the atlas)`,
      positiveNumber('--pixel-size'),
    )
    .addOption(
      new Option(
        '--labels <how>',
        "natural: as frequent as in the competition's training table; or balanced (default: natural)",
      ).choices(['natural', 'balanced']),
    )
    .option('--locations <list>', 'only these locations: names or class ids, separated by commas')
    .addOption(
      new Option('--style <style>', 'how cells look (default: mixed, another one a field)').choices([
        ...CELL_STYLES,
        'mixed',
      ]),
    )
    .addOption(new Option('--bit-depth <bits>', 'of the image files (default: 8)').choices(['8', '16']))
    .option(
      '--workers <n>',
      'threads; the fields are the same for any number',
      wholeNumber('--workers', 1, 64),
      Math.min(MOST_WORKERS, availableParallelism()),
    )
    .option('--report <page>', 'write a page (HTML) that sets --images synthetic fields beside real ones')
    .option(
      '--real <dir>',
      'the real data for --report: a folder with hpa/ and cells/ as ../shared/data has them',
    )
    .option('--json', 'print the summary as JSON', false)
    .action((options: SynthOptions) => synth(options, output));
}

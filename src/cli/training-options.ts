import { type Command, Option } from 'commander';
import type { Device } from '../engine/index.js';
import { writeFileAtomic } from '../io/index.js';
import type { ReportOptions } from '../learn/report/index.js';
import { positiveNumber, share, wholeNumber } from './options.js';
import { pixelSizeOption } from './shared-options.js';

/** The values of `addTrainingOptions`. */
export interface TrainingOptions {
  lr: number;
  seed: number;
  validation: number;
  pixelSize?: string;
  resume?: string;
  report?: string;
  device: Device;
  threads?: number;
  json: boolean;
}

interface TrainingDefaults {
  readonly learningRate: number;
  readonly seed: number;
  readonly validationShare: number;
}

/** Options of every training. */
export function addTrainingOptions(command: Command, defaults: TrainingDefaults): Command {
  const { learningRate, seed, validationShare } = defaults;
  return command
    .option('--lr <rate>', 'highest learning rate', positiveNumber('--lr'), learningRate)
    .option('--seed <n>', 'the same seed gives the same network', wholeNumber('--seed', 0, 4294967295), seed)
    .option(
      '--validation <share>',
      'share of the images kept for judging',
      share('--validation'),
      validationShare,
    )
    .addOption(pixelSizeOption())
    .option('--resume <dir>', 'folder of the checkpoint: a stopped training goes on from it')
    .option('--report <file>', 'page with the curves (.html); a table of the same name (.csv) goes beside it')
    .addOption(
      new Option(
        '--device <name>',
        'where it runs; webgpu is correct, but was no faster than two cores where it was tried',
      )
        .choices(['cpu', 'webgpu', 'cuda'])
        .default('cpu'),
    )
    .option('--threads <n>', 'CPU threads (default: one a core)', wholeNumber('--threads', 1))
    .option('--json', 'print what came of it as JSON', false);
}

/** A page with the curves of a network's training, and the same figures as a table beside it. */
export async function writeTrainingReport(
  path: string,
  network: string,
  { model, history }: Pick<ReportOptions, 'model' | 'history'>,
  training: object,
): Promise<void> {
  const { historyCsv, trainingReport } = await import('../learn/report/index.js');
  const facts = Object.fromEntries(Object.entries(training).map(([name, value]) => [name, `${value}`]));
  const page = trainingReport({ title: `Training of ${network}`, model, history, facts });
  await writeFileAtomic(path, page);
  await writeFileAtomic(path.replace(/(\.html?)?$/, '.csv'), historyCsv(history));
}

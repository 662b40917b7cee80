import { Command } from 'commander';
import { describeFailure, EXIT, exitCodeOf } from './failure.js';
import type { Output } from './output.js';
import { VERSION } from './version.js';

/** A command as the list of all shows it. Its options name what lies in many layers, so they are loaded only where it is asked for. */
interface ListedCommand {
  readonly name: string;
  readonly description: string;
  load(): Promise<(command: Command, output: Output, done: (success: boolean) => void) => void>;
}

const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'predict',
    description: 'outline every cell of fields of view and score its 19 locations',
    load: async () => (await import('./predict.js')).addPredict,
  },
  {
    name: 'segment',
    description: 'outline cells and nuclei: 16-bit label images and overlay pictures',
    load: async () => (await import('./segment.js')).addSegment,
  },
  {
    name: 'crops',
    description: 'cut every cell out into a packed store, which training reads in sequence',
    load: async () => (await import('./crops.js')).addCrops,
  },
  {
    name: 'synth',
    description: 'make synthetic fields of view with masks, image labels and the truth of every cell',
    load: async () => (await import('./synth.js')).addSynth,
  },
  {
    name: 'explore',
    description: 'a page about a data set: labels, their combinations and balance, cells, sizes, galleries',
    load: async () => (await import('./explore.js')).addExplore,
  },
  {
    name: 'coco',
    description: 'a COCO data set of cells: one annotation for each cell and location, with mask and box',
    load: async () => (await import('./coco.js')).addCoco,
  },
  {
    name: 'train',
    description: 'train a network',
    load: async () => (await import('./train.js')).addTrain,
  },
  {
    name: 'evaluate',
    description:
      "score predictions against truth: the competition's mAP, AP a location, outlines, labels, calibration; or check a submission file",
    load: async () => (await import('./evaluate.js')).addEvaluate,
  },
  {
    name: 'models',
    description: 'networks: ours, and others to use with predict and segment',
    load: async () => (await import('./models.js')).addModels,
  },
  {
    name: 'serve',
    description: 'HTTP API and web page: upload fields of view, see every cell',
    load: async () => (await import('./serve.js')).addServe,
  },
  {
    name: 'demo',
    description: 'the main job on synthetic fields, scored against their known truth',
    load: async () => (await import('./demo.js')).addDemo,
  },
];

/**
 * Runs the command line.
 *
 * @param args without the program's name
 * @returns 0 done, 1 failed, 2 bad usage
 */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  let code: number = EXIT.done;
  const done = (success: boolean) => {
    if (!success) code = EXIT.failed;
  };
  const program = new Command('cytolocus')
    .description('From four images to a place in every cell: outlines cells and says where the protein is')
    .version(VERSION)
    .showHelpAfterError('(cytolocus --help and cytolocus COMMAND --help say more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
    });
  try {
    for (const { name, description, load } of COMMANDS) {
      const command = program.command(name).description(description);
      if (args.includes(name)) (await load())(command, output, done);
    }
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = exitCodeOf(error);
    // Commander has said itself what was wrong with the command line.
    if (!(error instanceof Error && 'exitCode' in error)) {
      output.note(describeFailure(error, process.env.CYTOLOCUS_DEBUG === '1'));
    }
  }
  return code;
}

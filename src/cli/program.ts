import { Command } from 'commander';
import { VERSION } from '../runs/index.js';
import { addCoco } from './coco.js';
import { addCrops } from './crops.js';
import { addDemo } from './demo.js';
import { addEvaluate } from './evaluate.js';
import { addExplore } from './explore.js';
import { describeFailure, EXIT, exitCodeOf } from './failure.js';
import { addModels } from './models.js';
import type { Output } from './output.js';
import { addPredict } from './predict.js';
import { addSegment } from './segment.js';
import { addServe } from './serve.js';
import { addSynth } from './synth.js';
import { addTrain } from './train.js';

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
  addPredict(program, output, done);
  addSegment(program, output, done);
  addCrops(program, output, done);
  addSynth(program, output);
  addExplore(program, output, done);
  addCoco(program, output, done);
  addTrain(program, output);
  addEvaluate(program, output, done);
  addModels(program, output);
  addServe(program, output);
  addDemo(program, output);
  try {
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

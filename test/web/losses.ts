import type { Runtime } from '../../src/engine/index.js';
import { createTrainer, drawWeights, listWeights } from '../../src/learn/index.js';
import { MODEL, stripes } from '../learn/stripes.js';

/** Losses of the first steps of a small training: the same on every runtime but for rounding. */
export async function firstLosses(runtime: Runtime, steps: number): Promise<number[]> {
  const trainer = await createTrainer(runtime, {
    model: MODEL,
    weights: drawWeights(listWeights(MODEL), 1),
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adam' },
    batchSize: 8,
    seed: 1,
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push((await trainer.learn(stripes(8, step), 0.01)).loss.mean);
  }
  await trainer.release();
  return losses;
}

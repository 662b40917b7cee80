import { createRandom, type Random, shuffled } from '../common/index.js';
import type { BatchSource } from '../learn/index.js';
import {
  type Boxes,
  CODES_OUTPUT,
  IMAGE_INPUT,
  OBJECTNESS_OUTPUT,
  PROPOSAL_OVERLAP,
  type ProposalSettings,
  placeAnchors,
  proposeRegions,
  SEGMENTER_NORMALISATION,
} from '../networks/index.js';
import { drawDetectorPatch } from './detector-augmentation.js';
import type { DetectorImage } from './detector-images.js';
import { type DetectorPlan, detectorBatch } from './detector-targets.js';

/** Proposals in training: fewer than the papers' 2,000, which were for ten times as many pixels. */
const TRAINING_PROPOSALS: ProposalSettings = { perLevel: 200, kept: 200, overlap: PROPOSAL_OVERLAP };

/** Layers that the batches ask of the network in training. */
export const ASKED_LAYERS = [OBJECTNESS_OUTPUT, CODES_OUTPUT] as const;

export interface DetectorBatchOptions {
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
}

/**
 * Batches for training. Each image comes once before any comes again; the network, as it stands, proposes the regions
 * that its heads then learn from, and no gradient flows through them (the paper's approximate joint training).
 */
export function detectorBatches(
  images: readonly DetectorImage[],
  plan: DetectorPlan,
  { batchSize, stepsPerEpoch, seed }: DetectorBatchOptions,
): BatchSource {
  const { patchPx, options } = plan;
  const { most } = SEGMENTER_NORMALISATION;
  const size = { width: patchPx, height: patchPx };
  const anchors = placeAnchors(options.anchors, patchPx, patchPx);
  return {
    steps: stepsPerEpoch,
    async *read(epoch, ask) {
      if (ask === undefined) throw new RangeError('batches of a detector need the network that proposes');
      const random = createRandom(seed).fork(epoch);
      for (let step = 0; step < stepsPerEpoch; step++) {
        const own = random.fork(step);
        const first = (epoch * stepsPerEpoch + step) * batchSize;
        const patches = Array.from({ length: batchSize }, (_, i) =>
          drawDetectorPatch(imageAt(images, first + i, seed), patchPx, most, own),
        );
        const image = new Float32Array(batchSize * patches[0].planes.length);
        patches.forEach(({ planes }, i) => {
          image.set(planes, i * planes.length);
        });
        const told = await ask({ [IMAGE_INPUT]: image });
        const row = (name: string, i: number) => {
          const length = told[name].length / batchSize;
          return told[name].subarray(i * length, (i + 1) * length);
        };
        const proposals = patches.map(
          (_, i): Boxes =>
            proposeRegions(
              row(OBJECTNESS_OUTPUT, i),
              row(CODES_OUTPUT, i),
              anchors,
              options.anchors,
              size,
              TRAINING_PROPOSALS,
            ),
        );
        yield detectorBatch(plan, patches, proposals, own);
      }
    },
  };
}

/** The image that comes at a place of an endless sequence in which every round is shuffled anew. */
function imageAt(images: readonly DetectorImage[], place: number, seed: number): DetectorImage {
  const random: Random = createRandom(seed).fork(Math.floor(place / images.length) + 1_000_000);
  return shuffled(images, random)[place % images.length];
}

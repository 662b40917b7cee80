import type { LayerSpec } from '../learn/index.js';
import type { NetworkDescription } from './description.js';

/** A plain convolutional network in the words of the study's comparison: stages of convolutions, each ended by pooling. */
interface StudyLayout {
  readonly name: string;
  readonly reason: string;
  /** From the largest planes to the smallest; a max pooling of 2 ends each. */
  readonly stages: readonly {
    readonly filters: number;
    readonly kernel: number;
    /** Convolutions one after the other. */
    readonly convolutions: number;
  }[];
  /** Batch normalisation of each convolution: none, before its ReLU (Ioffe & Szegedy 2015), or after it. */
  readonly normalisation: 'none' | 'before' | 'after';
  /** Units of the dense layer between the last planes and the logits. */
  readonly denseUnits: number;
  /** Share of the dense layer's units that are dropped in training (Srivastava et al. 2014). */
  readonly dropout: number;
}

const INPUT_PX = 128;

/** As many stages as filter counts, all with the same kernel and number of convolutions. */
function stages(filters: readonly number[], kernel = 3, convolutions = 1): StudyLayout['stages'] {
  return filters.map((count) => ({ filters: count, kernel, convolutions }));
}

const GROWING = [16, 32, 64, 64];
const SHRINKING = [32, 24, 16, 8];

/**
 * The eight networks of the study, each there to show what one change does to the one before. The study names what
 * distinguishes them and leaves the sizes open: the numbers of filters, stages and units are ours, chosen so that all
 * eight cost about as much as each other and train on two cores in minutes.
 */
const LAYOUTS: readonly StudyLayout[] = [
  {
    name: 'conv_basic3',
    reason:
      'Study: three convolutions with kernels of one size, a pooling after each. The least that can work; what all others are held against.',
    stages: stages([16, 32, 64]),
    normalisation: 'none',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'conv_basic',
    reason:
      'Study: convolutions in pairs before each pooling, so that a stage sees more and can say more with the same kernel size.',
    stages: stages([16, 32, 48, 64], 3, 2),
    normalisation: 'none',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'mini_convnet2',
    reason:
      'Study: few layers with large kernels. One kernel spans a whole structure instead of a stack of small ones.',
    stages: [
      { filters: 16, kernel: 7, convolutions: 1 },
      { filters: 32, kernel: 5, convolutions: 1 },
      { filters: 64, kernel: 5, convolutions: 1 },
    ],
    normalisation: 'none',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'mini_convnet4',
    reason:
      'Study: more dense units behind the same kind of convolutions. Asks whether the classes lack room at the end of the network.',
    stages: stages(GROWING),
    normalisation: 'none',
    denseUnits: 512,
    dropout: 0,
  },
  {
    name: 'batch_norm',
    reason:
      'Study: batch normalisation between convolution and ReLU, as its authors propose. Learns faster and forgives the learning rate.',
    stages: stages(GROWING),
    normalisation: 'before',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'batch_norm_after',
    reason: 'Study: batch normalisation after the ReLU, so that the next layer reads centred numbers.',
    stages: stages(GROWING),
    normalisation: 'after',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'invert_conv',
    reason:
      'Study: filter counts that shrink with depth. Many filters where the fine texture is, few numbers for the dense layer to learn by heart.',
    stages: stages(SHRINKING),
    normalisation: 'none',
    denseUnits: 64,
    dropout: 0,
  },
  {
    name: 'invert_conv_dropout',
    reason: 'Study: invert_conv with half of the dense units dropped in training, against overfitting.',
    stages: stages(SHRINKING),
    normalisation: 'none',
    denseUnits: 64,
    dropout: 0.5,
  },
];

/** The study's networks as they can be trained. */
export const STUDY_NETWORKS: readonly NetworkDescription[] = LAYOUTS.map((layout) => ({
  name: layout.name,
  reason: layout.reason,
  inputPx: INPUT_PX,
  build: (channels, classes) => ({
    name: layout.name,
    inputs: [{ name: 'crops', shape: [channels, INPUT_PX, INPUT_PX] }],
    layers: [
      ...layout.stages.flatMap((stage, index) => stageLayers(layout, stage, index + 1)),
      { type: 'flatten', name: 'flat' },
      { type: 'dense', name: 'dense', units: layout.denseUnits },
      { type: 'activation', name: 'dense_relu', activation: 'relu' },
      ...(layout.dropout > 0 ? [{ type: 'dropout', name: 'dropout', rate: layout.dropout } as const] : []),
      { type: 'dense', name: 'logits', units: classes },
    ],
    outputs: ['logits'],
  }),
}));

function stageLayers(
  { normalisation }: StudyLayout,
  { filters, kernel, convolutions }: StudyLayout['stages'][number],
  stage: number,
): LayerSpec[] {
  const layers: LayerSpec[] = [];
  for (let i = 1; i <= convolutions; i++) {
    const name = convolutions === 1 ? `conv${stage}` : `conv${stage}_${i}`;
    const norm: LayerSpec = { type: 'batchNorm', name: `${name}_norm` };
    layers.push({ type: 'conv2d', name, filters, kernel, bias: normalisation !== 'before' });
    if (normalisation === 'before') layers.push(norm);
    layers.push({ type: 'activation', name: `${name}_relu`, activation: 'relu' });
    if (normalisation === 'after') layers.push(norm);
  }
  return [...layers, { type: 'maxPool', name: `pool${stage}`, size: 2 }];
}

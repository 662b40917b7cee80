import type { LayerSpec } from '../learn/index.js';
import type { NetworkDescription } from './description.js';
import { channelAttention, convolution, residual } from './layers.js';

const INPUT_PX = 128;

/**
 * The first convolution keeps the full resolution and a max pooling follows, so that a spot of two pixels (a centrosome,
 * a nuclear body) is found before anything is reduced. Attention over channels lets a stage weigh what it found by what
 * the whole cell looks like. The logits read means and maxima of three depths at once: a location may be a texture of a
 * few pixels, a shape of the whole cell, or one spot in it.
 */
export const ATTENTIVE_RESIDUAL: NetworkDescription = {
  name: 'attentive_residual',
  reason:
    'Ours: a residual network with attention over channels for 128 px crops, full resolution in its first layer, means and maxima of three depths at its end.',
  inputPx: INPUT_PX,
  build: (channels, classes) => ({
    name: 'attentive_residual',
    inputs: [{ name: 'crops', shape: [channels, INPUT_PX, INPUT_PX] }],
    layers: [
      ...convolution('stem', 16),
      { type: 'maxPool', name: 'pool_64', size: 2 },
      ...convolution('fine', 32),
      { type: 'maxPool', name: 'pool_32', size: 2 },
      ...convolution('middle', 64),
      ...residual('middle_residual', 'middle_relu', 64),
      ...channelAttention('middle_attention', 'middle_residual_relu', 64, 32),
      { type: 'maxPool', name: 'pool_16', size: 2 },
      ...convolution('coarse', 96),
      ...residual('coarse_residual', 'coarse_relu', 96),
      ...channelAttention('coarse_attention', 'coarse_residual_relu', 96, 16),
      { type: 'maxPool', name: 'pool_8', size: 2 },
      ...convolution('whole', 160),
      ...residual('whole_residual', 'whole_relu', 160),
      ...channelAttention('whole_attention', 'whole_residual_relu', 160, 8),
      ...summary('middle', 'middle_attention', 32),
      ...summary('coarse', 'coarse_attention', 16),
      ...summary('whole', 'whole_attention', 8),
      {
        type: 'concat',
        name: 'features',
        from: ['middle', 'coarse', 'whole'].flatMap((depth) => [`${depth}_mean`, `${depth}_peak`]),
      },
      { type: 'dropout', name: 'dropout', rate: 0.2 },
      { type: 'dense', name: 'logits', units: classes },
    ],
    outputs: ['logits'],
  }),
};

/** Mean and maximum of each plane, as `NAME_mean` and `NAME_peak`. */
function summary(name: string, from: string, sizePx: number): LayerSpec[] {
  return [
    { type: 'globalAveragePool', name: `${name}_mean`, from },
    { type: 'maxPool', name: `${name}_peak_pool`, size: sizePx, from },
    { type: 'flatten', name: `${name}_peak` },
  ];
}

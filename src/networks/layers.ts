import type { LayerSpec } from '../learn/index.js';

export interface ConvolutionOptions {
  /** The layer that it reads; the one above where absent. */
  readonly from?: string;
  /** @default 3 */
  readonly kernel?: number;
  /** @default 1 */
  readonly stride?: number;
  /** @default 'same' */
  readonly padding?: number;
}

/** Convolution, batch normalisation, ReLU; the result is named `NAME_relu`. */
export function convolution(name: string, filters: number, options: ConvolutionOptions = {}): LayerSpec[] {
  const { kernel = 3, stride = 1, padding } = options;
  return [
    {
      type: 'conv2d',
      name,
      filters,
      kernel,
      stride,
      bias: false,
      ...(options.from ? { from: options.from } : {}),
      ...(padding === undefined ? {} : { padding }),
    },
    { type: 'batchNorm', name: `${name}_norm` },
    { type: 'activation', name: `${name}_relu`, activation: 'relu' },
  ];
}

/** One normalised convolution added to what it reads (He et al. 2016), then ReLU; the result is named `NAME_relu`. */
export function residual(name: string, from: string, filters: number): LayerSpec[] {
  return [
    { type: 'conv2d', name, from, filters, kernel: 3, bias: false },
    { type: 'batchNorm', name: `${name}_norm` },
    { type: 'add', name: `${name}_sum`, from: [from, `${name}_norm`] },
    { type: 'activation', name: `${name}_relu`, activation: 'relu' },
  ];
}

/**
 * Attention over channels (squeeze and excitation, Hu et al. 2018): each channel is multiplied by a share in [0, 1] worked
 * out from the means of all channels; the result is named `NAME`.
 * @param sizePx height and width of what it reads
 */
export function channelAttention(name: string, from: string, filters: number, sizePx: number): LayerSpec[] {
  const squeezed = Math.max(8, filters / SQUEEZE);
  return [
    { type: 'averagePool', name: `${name}_mean`, from, size: sizePx },
    { type: 'conv2d', name: `${name}_squeeze`, filters: squeezed, kernel: 1 },
    { type: 'activation', name: `${name}_squeeze_relu`, activation: 'relu' },
    { type: 'conv2d', name: `${name}_excite`, filters, kernel: 1 },
    { type: 'activation', name: `${name}_share`, activation: 'sigmoid' },
    { type: 'multiply', name, from: [from, `${name}_share`] },
  ];
}

/** A quarter of the channels between the two layers of the attention. */
const SQUEEZE = 4;

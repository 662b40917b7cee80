import {
  CHANNELS,
  type Channel,
  DISPLAY_COLOURS,
  type FieldOfView,
  fullScale,
  type Plane,
  percentile,
} from '../../imaging/index.js';

/** How a channel is shown. */
export interface ChannelDisplay {
  readonly shown: boolean;
  /** Factor on the intensity: 1 shows the 99.7th percentile in full colour. */
  readonly brightness: number;
  readonly gamma: number;
}
export type Display = Readonly<Record<Channel, ChannelDisplay>>;

export const DEFAULT_DISPLAY: Display = {
  microtubules: { shown: true, brightness: 1, gamma: 0.7 },
  protein: { shown: true, brightness: 1, gamma: 0.7 },
  nuclei: { shown: true, brightness: 1, gamma: 0.7 },
  er: { shown: false, brightness: 1, gamma: 0.7 },
};

/** Intensities that are black and full colour at brightness 1, as in the program's overlays. */
export type Ranges = Readonly<Record<Channel, readonly [low: number, high: number]>>;

export function measureRanges({ channels }: FieldOfView): Ranges {
  const range = (plane: Plane | null): [number, number] =>
    plane === null
      ? [0, 1]
      : [percentile(plane, 1), Math.max(percentile(plane, 99.7), percentile(plane, 1) + 1)];
  return {
    microtubules: range(channels.microtubules),
    protein: range(channels.protein),
    nuclei: range(channels.nuclei),
    er: range(channels.er),
  };
}

/** The shown channels added in their colours. */
export function composeField(field: FieldOfView, ranges: Ranges, display: Display): ImageData {
  const image = new ImageData(field.width, field.height);
  const out = image.data;
  for (let i = 3; i < out.length; i += 4) out[i] = 255;
  for (const channel of CHANNELS) {
    const plane = field.channels[channel];
    if (plane === null || !display[channel].shown) continue;
    const curve = curveOf(plane, ranges[channel], display[channel]);
    // Clamped arrays add without overflow.
    const [red, green, blue] = DISPLAY_COLOURS[channel].map((part) => part / 255);
    const { data } = plane;
    for (let i = 0, o = 0; i < data.length; i++, o += 4) {
      const value = curve[data[i]];
      if (red > 0) out[o] += value * red;
      if (green > 0) out[o + 1] += value * green;
      if (blue > 0) out[o + 2] += value * blue;
    }
  }
  return image;
}

/** What each stored value is shown as, 0 to 255. */
function curveOf(
  plane: Plane,
  [low, high]: readonly [number, number],
  display: ChannelDisplay,
): Float32Array {
  const { brightness, gamma } = display;
  return Float32Array.from({ length: fullScale(plane) + 1 }, (_, value) => {
    const share = ((value - low) / (high - low)) * brightness;
    return 255 * Math.min(1, Math.max(0, share)) ** gamma;
  });
}

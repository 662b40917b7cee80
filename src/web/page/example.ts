import { encode } from 'fast-png';
import { CHANNEL_COLOURS, CHANNELS } from '../../imaging/index.js';
import { askEngine } from './engine.js';
import type { ChosenField, Part } from './names.js';

let lastSeed = 0;

/** A synthetic field, made in this browser, as the files that a user would choose. */
export async function makeExample(): Promise<ChosenField> {
  const seed = ++lastSeed;
  const field = await askEngine({ kind: 'example', seed });
  const name = `example-${seed}`;
  const files: Partial<Record<Part, File>> = {};
  for (const channel of CHANNELS) {
    const plane = field.channels[channel];
    if (plane === null || plane.data instanceof Float32Array) continue;
    const { width, height, data } = plane;
    const png = encode({ width, height, data, channels: 1, depth: plane.bitDepth === 16 ? 16 : 8 });
    files[channel] = new File([Uint8Array.from(png)], `${name}_${CHANNEL_COLOURS[channel]}.png`, {
      type: 'image/png',
    });
  }
  return { name, files };
}

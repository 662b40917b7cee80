import { createRandom, InputError, type Random } from '../common/index.js';
import { createSession, type Runtime } from '../engine/index.js';
import { type Channel, fullScale, type Plane } from '../imaging/index.js';
import { type BatchSource, exportOnnx, fit, type ModelSpec, type Weights } from '../learn/index.js';

/** Edge of a patch in px. */
export const PATCH_PX = 64;
/** Patches that the judge is given of each plane. */
const PATCHES_A_PLANE = 10;
/** Share of the planes on which the judge is tested, having learned from the others. */
const TEST_SHARE = 0.4;
const BATCH = 32;
const EPOCHS = 10;

/** One channel of one field. */
export interface JudgedPlane {
  /** Names the field: planes of one field are never parted between learning and testing. */
  readonly field: string;
  readonly channel: Channel;
  readonly plane: Plane;
  readonly synthetic: boolean;
}

export interface JudgedPatch {
  readonly channel: Channel;
  readonly synthetic: boolean;
  /** `PATCH_PX` squared values, square roots of shares of full scale. */
  readonly pixels: Float32Array;
  /** The judge's score: 0 = surely real, 1 = surely synthetic. */
  readonly score: number;
}

export interface Verdict {
  /** Share of the test's patches that the judge puts right, real and synthetic counting alike; 0.5 is chance. */
  readonly accuracy: number;
  readonly byChannel: readonly { channel: Channel; accuracy: number; patches: number }[];
  readonly learned: number;
  /** The patches it was tested on. */
  readonly patches: readonly JudgedPatch[];
}

/** Thirty thousand weights: a judge of texture that learns in a minute. */
const JUDGE: ModelSpec = {
  name: 'realism_judge',
  inputs: [{ name: 'patches', shape: [1, PATCH_PX, PATCH_PX] }],
  layers: [
    { type: 'conv2d', name: 'stem', filters: 12, kernel: 5, stride: 2, bias: false },
    { type: 'batchNorm', name: 'stem_norm' },
    { type: 'activation', name: 'stem_relu', activation: 'relu' },
    { type: 'conv2d', name: 'fine', filters: 24, kernel: 3, bias: false },
    { type: 'batchNorm', name: 'fine_norm' },
    { type: 'activation', name: 'fine_relu', activation: 'relu' },
    { type: 'maxPool', name: 'pool_16', size: 2 },
    { type: 'conv2d', name: 'middle', filters: 32, kernel: 3, bias: false },
    { type: 'batchNorm', name: 'middle_norm' },
    { type: 'activation', name: 'middle_relu', activation: 'relu' },
    { type: 'maxPool', name: 'pool_8', size: 2 },
    { type: 'conv2d', name: 'coarse', filters: 48, kernel: 3, bias: false },
    { type: 'batchNorm', name: 'coarse_norm' },
    { type: 'activation', name: 'coarse_relu', activation: 'relu' },
    { type: 'globalAveragePool', name: 'mean' },
    { type: 'dense', name: 'logits', units: 1 },
  ],
  outputs: ['logits'],
};

/**
 * Trains a small network to tell real from synthetic patches of one channel and tests it on other fields. All planes must
 * have the same pixel size. In learning and in testing, each channel has as many synthetic as real patches.
 *
 * @throws InputError `judge-too-few`: fewer than four real or synthetic fields of every channel
 */
export async function judge(
  runtime: Runtime,
  planes: readonly JudgedPlane[],
  seed: number,
  onEpoch: (epoch: number, epochs: number) => void = () => {},
): Promise<Verdict> {
  const random = createRandom(seed);
  const inTest = drawTestFields(planes, random.fork(0));
  const taken = takePatches(planes, random.fork(1));
  const learning = balance(
    taken.filter(({ field }) => !inTest.has(field)),
    random.fork(2),
  );
  const testing = balance(
    taken.filter(({ field }) => inTest.has(field)),
    random.fork(3),
  );
  if (learning.length < BATCH || testing.length === 0) {
    throw new InputError(
      'judge-too-few',
      `judge: ${learning.length} patches to learn from and ${testing.length} to test on are too few; give more real fields`,
    );
  }
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights } = await fit(runtime, {
    model: JUDGE,
    seed,
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adamw', learningRate: 3e-3, weightDecay: 0.01 },
    schedule: { type: 'cosine' },
    batchSize: BATCH,
    epochs: EPOCHS,
    train: learningBatches(learning, seed),
    onProgress: ({ done, epoch, epochs }) => {
      if (done) onEpoch(epoch, epochs);
    },
  });
  const scores = await score(runtime, weights, testing);
  const patches = testing.map(({ channel, synthetic, pixels }, i) => ({
    channel,
    synthetic,
    pixels,
    score: scores[i],
  }));
  const channels = [...new Set(patches.map(({ channel }) => channel))];
  return {
    accuracy: accuracyOf(patches),
    byChannel: channels.map((channel) => {
      const own = patches.filter((patch) => patch.channel === channel);
      return { channel, accuracy: accuracyOf(own), patches: own.length };
    }),
    learned: learning.length,
    patches,
  };
}

type Patch = Omit<JudgedPatch, 'score'> & { readonly field: string };

function accuracyOf(patches: readonly JudgedPatch[]): number {
  return patches.filter(({ score: s, synthetic }) => s >= 0.5 === synthetic).length / patches.length;
}

function drawTestFields(planes: readonly JudgedPlane[], random: Random): Set<string> {
  const test = new Set<string>();
  // Channel by channel, so that the rarest is parted like the others; a field already drawn stays where it is.
  const groups = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { field, channel, synthetic } of planes) {
    if (seen.has(field)) continue;
    seen.add(field);
    const key = `${channel} ${synthetic}`;
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  for (const fields of groups.values()) {
    shuffle(fields, random);
    for (const field of fields.slice(0, Math.round(TEST_SHARE * fields.length))) test.add(field);
  }
  return test;
}

function takePatches(planes: readonly JudgedPlane[], random: Random): Patch[] {
  return planes.flatMap(({ field, channel, plane, synthetic }, index) => {
    const { width, height } = plane;
    if (width < PATCH_PX || height < PATCH_PX) return [];
    const own = random.fork(index);
    return Array.from({ length: PATCHES_A_PLANE }, () => {
      // The brightest of three: most of a field is empty, and empty patches tell nothing.
      let best: Float32Array | null = null;
      let most = -1;
      for (let attempt = 0; attempt < 3; attempt++) {
        const x = own.integer(width - PATCH_PX + 1);
        const y = own.integer(height - PATCH_PX + 1);
        const pixels = cutPatch(plane, x, y);
        const light = pixels.reduce((sum, value) => sum + value, 0);
        if (light > most) {
          most = light;
          best = pixels;
        }
      }
      return { field, channel, synthetic, pixels: best ?? new Float32Array(PATCH_PX ** 2) };
    });
  });
}

function cutPatch(plane: Plane, x: number, y: number): Float32Array {
  const full = fullScale(plane);
  const out = new Float32Array(PATCH_PX * PATCH_PX);
  for (let row = 0, i = 0; row < PATCH_PX; row++) {
    for (let column = 0; column < PATCH_PX; column++, i++) {
      out[i] = Math.sqrt(plane.data[(y + row) * plane.width + x + column] / full);
    }
  }
  return out;
}

/** As many synthetic as real patches of each channel. */
function balance(patches: readonly Patch[], random: Random): Patch[] {
  return [...new Set(patches.map(({ channel }) => channel))].flatMap((channel) => {
    const sides = [false, true].map((synthetic) => {
      const side = patches.filter((patch) => patch.channel === channel && patch.synthetic === synthetic);
      return shuffle(side, random);
    });
    const count = Math.min(sides[0].length, sides[1].length);
    return sides.flatMap((side) => side.slice(0, count));
  });
}

function shuffle<T>(values: T[], random: Random): T[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

/** Every epoch all patches in a new order, turned and mirrored at random. */
function learningBatches(patches: readonly Patch[], seed: number): BatchSource {
  const steps = Math.floor(patches.length / BATCH);
  const size = PATCH_PX * PATCH_PX;
  return {
    steps,
    *read(epoch) {
      const random = createRandom(seed).fork(epoch);
      const order = shuffle([...patches], random);
      for (let step = 0; step < steps; step++) {
        const inputs = new Float32Array(BATCH * size);
        const truth = new Float32Array(BATCH);
        for (let k = 0; k < BATCH; k++) {
          const patch = order[step * BATCH + k];
          truth[k] = patch.synthetic ? 1 : 0;
          turnInto(inputs.subarray(k * size, (k + 1) * size), patch.pixels, random.integer(8));
        }
        yield { count: BATCH, inputs: { patches: inputs }, targets: { logits: truth } };
      }
    },
  };
}

/** One of the eight ways in which a square can lie. */
function turnInto(target: Float32Array, pixels: Float32Array, way: number): void {
  for (let y = 0, i = 0; y < PATCH_PX; y++) {
    for (let x = 0; x < PATCH_PX; x++, i++) {
      const u = way & 1 ? PATCH_PX - 1 - x : x;
      const v = way & 2 ? PATCH_PX - 1 - y : y;
      target[i] = pixels[way & 4 ? u * PATCH_PX + v : v * PATCH_PX + u];
    }
  }
}

async function score(runtime: Runtime, weights: Weights, patches: readonly Patch[]): Promise<Float32Array> {
  const session = await createSession(runtime, exportOnnx(JUDGE, weights, { activation: 'sigmoid' }));
  const size = PATCH_PX * PATCH_PX;
  const out = new Float32Array(patches.length);
  try {
    for (let start = 0; start < patches.length; start += BATCH) {
      const part = patches.slice(start, start + BATCH);
      const inputs = new Float32Array(part.length * size);
      part.forEach(({ pixels }, k) => {
        inputs.set(pixels, k * size);
      });
      const tensor = new runtime.Tensor('float32', inputs, [part.length, 1, PATCH_PX, PATCH_PX]);
      const results = await session.run({ patches: tensor });
      out.set(results[session.outputNames[0]].data as Float32Array, start);
    }
  } finally {
    await session.release();
  }
  return out;
}

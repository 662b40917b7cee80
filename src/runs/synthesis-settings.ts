import { z } from 'zod';
import { InputError } from '../common/index.js';
import { readInputFile } from '../io/index.js';
import { defaultSynthSettings, type SynthSettings, validateSynthSettings } from '../synthetic/index.js';
import { VERSION } from './version.js';

const pair = z.tuple([z.number(), z.number()]);
/** Any part of the settings; what they may be is checked by `validateSynthSettings`. */
const settingsSchema = z.strictObject({
  version: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pixelSizeUm: z.number().optional(),
  bitDepth: z.union([z.literal(8), z.literal(16)]).optional(),
  seed: z.number().optional(),
  labels: z.enum(['natural', 'balanced']).optional(),
  locations: z.array(z.number()).optional(),
  maxLocations: z.number().optional(),
  labelNoise: z
    .strictObject({ exact: z.number(), part: z.number(), none: z.number(), other: z.number() })
    .optional(),
  style: z.enum(['spread', 'compact', 'elongated', 'mixed']).optional(),
  coverage: pair.optional(),
  cells: z.number().nullable().optional(),
  leastNucleusShare: z.number().optional(),
  optics: z
    .strictObject({
      psfSigmaUm: pair,
      haze: pair,
      blurredCells: pair,
      photonsAtFullScale: pair,
      readNoise: pair,
      uneven: pair,
      bleedThrough: pair,
      proteinGain: z.number(),
    })
    .partial()
    .optional(),
});

/** The settings as `settings.json` of a folder of synthetic fields holds them, with the program's version. */
export function describeSettings(settings: SynthSettings): string {
  return `${JSON.stringify({ version: VERSION, ...settings }, null, 2)}\n`;
}

export interface SettingsFile {
  readonly settings: SynthSettings;
  /** The program's version that wrote the file, where it says so: another one may draw other fields. */
  readonly version: string | undefined;
}

/**
 * Reads settings from a JSON file: `settings.json` of a folder of synthetic fields, or any part of one; what is left out
 * is as by default.
 * @throws InputError `settings-unreadable`: no JSON, or an entry that settings do not have; `bad-synth-settings`; what
 *   `readInputFile` throws
 */
export async function readSynthSettings(path: string): Promise<SettingsFile> {
  const text = new TextDecoder().decode(await readInputFile(path));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError('settings-unreadable', `${path}: not a JSON file (${(cause as Error).message})`, {
      cause,
    });
  }
  const read = settingsSchema.safeParse(json);
  if (!read.success) {
    throw new InputError(
      'settings-unreadable',
      `${path}: not settings of synthetic fields: ${z.prettifyError(read.error).replace(/\s*\n\s*/g, ' ')}`,
    );
  }
  const { version, optics, ...others } = read.data;
  const settings = {
    ...defaultSynthSettings,
    ...others,
    optics: { ...defaultSynthSettings.optics, ...optics },
  };
  validateSynthSettings(settings);
  return { settings, version };
}

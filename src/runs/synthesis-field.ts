import { join } from 'node:path';
import { z } from 'zod';
import { CHANNEL_COLOURS, CHANNELS } from '../imaging/index.js';
import { isFile, readTextIfThere, writeFileAtomic, writeLabelPng, writePlanePng } from '../io/index.js';
import { type SynthSettings, simulateField } from '../synthetic/index.js';

/** The truth of one field, kept in `truth/ID/truth.json`, written last: a field that has it is complete. */
const fieldTruthSchema = z.object({
  /** The weak label: class ids of the image. */
  locations: z.array(z.int()),
  /** Entry k-1: class ids of cell k. */
  cellLocations: z.array(z.array(z.int())),
});
export type FieldTruth = z.infer<typeof fieldTruthSchema>;

/** What one field's making needs: plain data, so that it can be sent to a worker. */
export interface FieldOrder {
  readonly out: string;
  readonly settings: SynthSettings;
  readonly index: number;
}

/** The id of field `index`. */
export function syntheticId(settings: SynthSettings, index: number): string {
  return `synth-${settings.seed}-${`${index}`.padStart(5, '0')}`;
}

/** The truth of a field that an earlier run has finished; null where it has not. */
export async function readFieldTruth(out: string, id: string): Promise<FieldTruth | null> {
  const text = await readTextIfThere(join(out, 'truth', id, 'truth.json'));
  if (text === null) return null;
  const images = CHANNELS.map((channel) => isFile(join(out, `${id}_${CHANNEL_COLOURS[channel]}.png`)));
  const complete = (await Promise.all(images)).every((present) => present);
  return complete ? fieldTruthSchema.parse(JSON.parse(text)) : null;
}

/**
 * Simulates a field and writes its images and its truth.
 * @throws InputError `bad-synth-settings`, `not-writable`
 */
export async function writeSyntheticField({ out, settings, index }: FieldOrder): Promise<FieldTruth> {
  const { field, segmentation, locations, cellLocations } = simulateField(settings, index);
  const truthFolder = join(out, 'truth', field.id);
  await Promise.all([
    ...CHANNELS.map(async (channel) => {
      const plane = field.channels[channel];
      if (plane !== null)
        await writePlanePng(join(out, `${field.id}_${CHANNEL_COLOURS[channel]}.png`), plane);
    }),
    writeLabelPng(join(truthFolder, 'cells.png'), segmentation.cells),
    writeLabelPng(join(truthFolder, 'nuclei.png'), segmentation.nuclei),
  ]);
  const truth: FieldTruth = { locations, cellLocations };
  await writeFileAtomic(join(truthFolder, 'truth.json'), JSON.stringify(truth));
  return truth;
}

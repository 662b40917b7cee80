import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../common/index.js';
import { CHANNELS } from '../imaging/index.js';
import {
  CHANNEL_COLOURS,
  isFile,
  prepareFolder,
  readTextIfThere,
  writeFileAtomic,
  writeLabelPng,
  writePlanePng,
  writeTable,
} from '../io/index.js';
import { type SynthSettings, simulateField, validateSynthSettings } from '../synthetic/index.js';
import { VERSION } from './version.js';

/** The truth of one field, kept in `truth/ID/truth.json`, written last: a field that has it is complete. */
const fieldTruthSchema = z.object({
  /** The weak label: class ids of the image. */
  locations: z.array(z.int()),
  /** Entry k-1: class ids of cell k. */
  cellLocations: z.array(z.array(z.int())),
});
type FieldTruth = z.infer<typeof fieldTruthSchema>;

export interface SynthesisRun {
  readonly ids: readonly string[];
  readonly cells: number;
  /** Fields that an earlier run had made. */
  readonly kept: number;
}

/**
 * Makes synthetic fields of view in a folder: image files, `train.csv`, and the truth as design.md lays it out. Fields
 * that are there already are kept, so a run that was stopped goes on, and a larger `images` adds to it.
 *
 * @param images how many fields: those with indices 0 to `images` - 1
 * @throws InputError `bad-synth-settings`; `other-settings`: the folder holds fields of other settings; `not-writable`
 */
export async function runSynthesis(
  images: number,
  settings: SynthSettings,
  out: string,
  onField: (id: string, cells: number) => void,
): Promise<SynthesisRun> {
  validateSynthSettings(settings);
  await prepareFolder(out);
  await claimFolder(out, settings);
  const ids = Array.from({ length: images }, (_, index) => fieldId(settings.seed, index));
  const truths: FieldTruth[] = [];
  let kept = 0;
  for (let index = 0; index < images; index++) {
    const id = ids[index];
    const old = await readFieldTruth(out, id);
    if (old !== null) kept++;
    const truth = old ?? (await writeField(out, id, settings, index));
    truths.push(truth);
    onField(id, truth.cellLocations.length);
  }
  await writeTable(
    join(out, 'train.csv'),
    ['ID', 'Label'],
    truths.map(({ locations }, i) => [ids[i], locations.join('|')]),
  );
  await writeTable(
    join(out, 'truth', 'cells.csv'),
    ['field', 'cell', 'locations'],
    truths.flatMap(({ cellLocations }, i) =>
      cellLocations.map((locations, k) => [ids[i], k + 1, locations.join('|')]),
    ),
  );
  return { ids, cells: truths.reduce((sum, { cellLocations }) => sum + cellLocations.length, 0), kept };
}

function fieldId(seed: number, index: number): string {
  return `synth-${seed}-${`${index}`.padStart(5, '0')}`;
}

/** Writes the settings into an empty folder, or makes sure that they are those of the fields already there. */
async function claimFolder(out: string, settings: SynthSettings): Promise<void> {
  const path = join(out, 'settings.json');
  const text = `${JSON.stringify({ version: VERSION, ...settings }, null, 2)}\n`;
  const old = await readTextIfThere(path);
  if (old === text) return;
  if (old !== null) {
    throw new InputError(
      'other-settings',
      `${out}: holds synthetic fields of other settings (see settings.json there); choose another --out or remove the folder`,
    );
  }
  await writeFileAtomic(path, text);
}

async function readFieldTruth(out: string, id: string): Promise<FieldTruth | null> {
  const text = await readTextIfThere(join(out, 'truth', id, 'truth.json'));
  if (text === null) return null;
  const images = CHANNELS.map((channel) => isFile(join(out, `${id}_${CHANNEL_COLOURS[channel]}.png`)));
  const complete = (await Promise.all(images)).every((present) => present);
  return complete ? fieldTruthSchema.parse(JSON.parse(text)) : null;
}

async function writeField(
  out: string,
  id: string,
  settings: SynthSettings,
  index: number,
): Promise<FieldTruth> {
  const { field, segmentation, locations, cellLocations } = simulateField(settings, index);
  const truthFolder = join(out, 'truth', id);
  await Promise.all([
    ...CHANNELS.map(async (channel) => {
      const plane = field.channels[channel];
      if (plane !== null) await writePlanePng(join(out, `${id}_${CHANNEL_COLOURS[channel]}.png`), plane);
    }),
    writeLabelPng(join(truthFolder, 'cells.png'), segmentation.cells),
    writeLabelPng(join(truthFolder, 'nuclei.png'), segmentation.nuclei),
  ]);
  const truth: FieldTruth = { locations, cellLocations };
  await writeFileAtomic(join(truthFolder, 'truth.json'), JSON.stringify(truth));
  return truth;
}

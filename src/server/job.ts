import { z } from 'zod';
import { type ChannelNames, parseChannelNames } from '../io/index.js';
import { EDGE_POLICIES } from '../predict/index.js';
import { DEFAULT_SEGMENTER, PREDICTION_STAGES, SEGMENTER_NAMES } from '../runs/index.js';

const CHANNELS_EXPECTED =
  'expected names or numbers of channels, such as Cy5=microtubules,GFP=protein,DAPI=nuclei,4=er (only er may be left out)';

/** What a request may choose. Names only: no option is a path. */
export const jobOptionsSchema = z.object({
  segmenter: z.enum(SEGMENTER_NAMES).default(DEFAULT_SEGMENTER).describe('What outlines the cells'),
  edge: z.enum(EDGE_POLICIES).default('keep').describe('What is done with cells cut off by the border'),
  pixelSizeUm: z
    .number()
    .positive()
    .max(10)
    .nullable()
    .default(null)
    .describe("Edge of a pixel in um; without it what an OME-TIFF says, else the atlas's scale"),
  threshold: z.number().min(0).max(1).default(0.5).describe('A location is called from this score on'),
  channels: z
    .string()
    .max(500)
    .refine((text) => parseChannelNames(text) !== null, CHANNELS_EXPECTED)
    .nullable()
    .default(null)
    .describe('What the channels of an OME-TIFF are called; without it their names tell'),
  overlay: z.boolean().default(false).describe('Also draw overlay.png'),
});
export type JobOptions = z.infer<typeof jobOptionsSchema>;

/** The option `channels` as `predict` takes it. */
export function channelNamesOf(channels: string | null): ChannelNames | null {
  return channels === null ? null : parseChannelNames(channels);
}

export const JOB_STATES = ['queued', 'running', 'done', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What is told of a job while it goes on. */
export const JOB_STAGES = ['queued', ...PREDICTION_STAGES, 'done', 'failed'] as const;
export type JobStage = (typeof JOB_STAGES)[number];

export const stageSchema = z.object({ stage: z.enum(JOB_STAGES), at: z.iso.datetime() });
export type StageEvent = z.infer<typeof stageSchema>;

/** A cell's correction by a person: its true locations (class ids), or that it is no cell. */
export const correctionSchema = z.union([
  z.object({ locations: z.array(z.int().min(0).max(18)).max(19) }),
  z.object({ deleted: z.literal(true) }),
]);
export const correctionsSchema = z.record(z.string().regex(/^[1-9]\d{0,8}$/), correctionSchema);

/** A job as it is kept in `job.json` of its folder. */
export const jobSchema = z.object({
  id: z.uuid(),
  /** The field's name, for results; never part of a path. */
  field: z.string(),
  /** Name of the API key that asked; null where none is needed. */
  owner: z.string().nullable(),
  state: z.enum(JOB_STATES),
  stages: z.array(stageSchema),
  options: jobOptionsSchema,
  width: z.int(),
  height: z.int(),
  /** How often the work began: a job that stops the server must not do so for ever. */
  attempts: z.int(),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  corrections: correctionsSchema,
});
export type Job = z.infer<typeof jobSchema>;

export function isFinished(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed';
}

/** The job with one stage more. */
export function withStage(job: Job, stage: JobStage): Job {
  return { ...job, stages: [...job.stages, { stage, at: new Date().toISOString() }] };
}

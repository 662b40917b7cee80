import { z } from 'zod';
import { CHANNELS } from '../imaging/index.js';
import { type CropOptions, MASKINGS } from './options.js';

const resizeSchema = z.union([
  z.object({ kind: z.enum(['stretch', 'pad']) }),
  z.object({ kind: z.enum(['crop', 'fit']), pixelUm: z.number().positive() }),
]);

const normalisationSchema = z.union([
  z.object({ kind: z.literal('full-scale') }),
  z.object({
    kind: z.literal('field-percentile'),
    percentile: z.number().min(0).max(100),
    floor: z.number().min(0).max(1),
    gamma: z.number().positive(),
  }),
]);

/** `CropOptions` as files bear them: networks' metadata and stores of crops. */
export const cropOptionsSchema = z.object({
  sizePx: z.int().positive(),
  channels: z.array(z.enum(CHANNELS)).min(1),
  masking: z.enum(MASKINGS),
  cleanProtein: z.boolean().optional(),
  marginUm: z.number().min(0),
  resize: resizeSchema,
  normalisation: normalisationSchema,
}) satisfies z.ZodType<CropOptions>;

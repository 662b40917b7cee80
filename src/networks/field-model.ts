import { z } from 'zod';
import { LOCATIONS } from '../common/index.js';

const classes = LOCATIONS.length;

/** What a classifier's file keeps of its field model: see `FieldModel` of the scoring layer, whose evidence is 4 numbers a location. */
export const fieldModelSchema = z.object({
  weights: z.array(z.array(z.number()).length(4 * classes)).length(classes),
  offsets: z.array(z.number()).length(classes),
  /** On how many fields it was fitted, for people. */
  fields: z.int().min(1),
});

import { z } from 'zod';
import { LOCATIONS } from '../common/index.js';

const perLocation = z.array(z.number()).length(LOCATIONS.length);

/** What a classifier's file keeps of its calibration: see `ScoreCalibration` of the scoring layer. */
export const calibrationSchema = z.object({
  slopes: perLocation.refine((slopes) => slopes.every((slope) => slope > 0), 'slopes must be above 0'),
  offsets: perLocation,
  /** What it was fitted on, for people. */
  cells: z.int().min(1),
  fields: z.int().min(1),
});

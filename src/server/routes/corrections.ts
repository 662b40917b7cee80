import { z } from 'zod';
import { type Corrections, correctedLocations, trainCsv, truthCsv } from '../../predict/index.js';
import { readRecord, recordCells } from '../../runs/index.js';
import type { App, Context } from '../context.js';
import { correctionsSchema, type Job } from '../job.js';
import { HttpProblem, problemSchema } from '../problem.js';
import { resultFolder } from '../result.js';
import { findDone } from './predictions.js';

const paramsSchema = z.object({ id: z.uuid() });
const tableSchema = paramsSchema.extend({ table: z.enum(['train.csv', 'truth.csv']) });

/** What a person says of the cells, kept with the result. */
export function addCorrections(app: App, context: Context): void {
  const { store } = context;
  app.put(
    '/predictions/:id/corrections',
    {
      schema: {
        tags: ['corrections'],
        summary: "Keep a person's corrections: by cell number, its true locations, or that it is no cell",
        params: paramsSchema,
        body: correctionsSchema,
        response: { 200: correctionsSchema, '4xx': problemSchema },
      },
    },
    async (request) => {
      const job = findDone(context, request.params.id, request.owner);
      await expectCells(job, request.body, context);
      await store.save({ ...job, corrections: request.body });
      return request.body;
    },
  );
  app.get(
    '/predictions/:id/corrections/:table',
    {
      schema: {
        tags: ['corrections'],
        summary:
          'The corrected locations as tables for `cytolocus train classifier` (train.csv) and `evaluate` (truth.csv)',
        params: tableSchema,
      },
    },
    async (request, reply) => {
      const { field, options, ...job } = findDone(context, request.params.id, request.owner);
      const record = await readRecord(resultFolder(store.folderOf(job.id)));
      const locations = correctedLocations(recordCells(record), job.corrections, options.threshold);
      const { table } = request.params;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${field}_${table}"`)
        .send(table === 'train.csv' ? trainCsv(field, locations) : truthCsv(field, locations));
    },
  );
}

/** @throws HttpProblem `bad-option` where a number is no cell's */
async function expectCells(job: Job, corrections: Corrections, { store }: Context): Promise<void> {
  const { cells } = await readRecord(resultFolder(store.folderOf(job.id)));
  const known = new Set(cells.map(({ cell }) => `${cell}`));
  const unknown = Object.keys(corrections).find((cell) => !known.has(cell));
  if (unknown === undefined) return;
  throw new HttpProblem(
    'bad-option',
    `the prediction has no cell ${unknown}; expected some of its ${cells.length} cells`,
  );
}

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isFile } from '../../io/index.js';
import { DOCUMENT_NAMES, DOCUMENTS, type DocumentName } from '../../runs/index.js';
import type { App, Context } from '../context.js';
import type { Job } from '../job.js';
import { HttpProblem } from '../problem.js';
import { PICTURE_NAMES, resultFolder } from '../result.js';
import { findDone } from './predictions.js';

const paramsSchema = z.object({ id: z.uuid(), name: z.enum([...DOCUMENT_NAMES, ...PICTURE_NAMES]) });

/** Downloads. A name is one of a list; none is a path. */
export function addFiles(app: App, context: Context): void {
  const make = ({ field, options }: Job, document: DocumentName, folder: string, path: string) =>
    context.runner.makeDocument({ folder, document, path, field, threshold: options.threshold });

  app.get(
    '/predictions/:id/files/:name',
    {
      schema: {
        tags: ['predictions'],
        summary: "A file of a prediction: tables, label images (16-bit PNG), outlines, the competition's row",
        params: paramsSchema,
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const job = findDone(context, id, request.owner);
      const jobFolder = context.store.folderOf(id);
      const folder = resultFolder(jobFolder);
      const document = DOCUMENT_NAMES.find((known) => known === name);
      const path = document === undefined ? join(folder, name) : join(jobFolder, 'documents', name);
      if (document !== undefined) await make(job, document, folder, path);
      if (!(await isFile(path))) {
        throw new HttpProblem(
          'file-not-made',
          `the prediction has no ${name}; send the field again with overlay=true`,
        );
      }
      return reply
        .type(document === undefined ? 'image/png' : DOCUMENTS[document])
        .header('content-disposition', `attachment; filename="${job.field}_${name}"`)
        .header('cache-control', 'private, no-store')
        .send(createReadStream(path));
    },
  );
}

import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { LOCATIONS } from '../../common/index.js';
import { SEGMENTER_NAMES } from '../../runs/index.js';
import type { App, Context } from '../context.js';

const modelSchema = z.object({
  name: z.string(),
  kind: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  properties: z.record(z.string(), z.unknown()),
});

/** Which networks and segmenters there are; the classifier itself is for the browser's private mode. */
export function addModels(app: App, { models, model }: Context): void {
  app.get(
    '/models',
    {
      schema: {
        tags: ['models'],
        summary: 'Networks, segmenters and locations',
        response: {
          200: z.object({
            classifier: modelSchema,
            networks: z.array(modelSchema),
            segmenters: z.array(z.string()),
            locations: z.array(z.string()),
          }),
        },
      },
    },
    async () => {
      const [classifier, ...networks] = models.map(({ name, kind, bytes, sha256, properties }) => ({
        ...{ name, kind, bytes, sha256, properties: { ...properties } },
      }));
      return { classifier, networks, segmenters: [...SEGMENTER_NAMES], locations: [...LOCATIONS] };
    },
  );
  app.get(
    '/models/classifier.onnx',
    {
      // Weights do not shrink.
      compress: false,
      schema: {
        tags: ['models'],
        summary: "The classifier's ONNX file",
        produces: ['application/octet-stream'],
      },
    },
    async (_request, reply) =>
      reply
        .type('application/octet-stream')
        .header('etag', `"${models[0].sha256}"`)
        .header('cache-control', 'no-cache')
        .send(createReadStream(model)),
  );
}

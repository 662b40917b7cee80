import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { EDGE_POLICIES } from '../predict/index.js';
import { SEGMENTER_NAMES, VERSION } from '../runs/index.js';
import type { App } from './context.js';
import { IMAGE_PARTS } from './upload.js';

/** Describes the API (OpenAPI 3.1) from the routes' schemas, at `/docs` for people and `/docs/json` for programs. */
export async function addDocs(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cytolocus',
        description: 'From four images to a place in every cell.',
        version: VERSION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const { openapiObject } = document;
      // An upload is read as a stream, so no schema of the route can say what it holds.
      const upload = openapiObject.paths?.['/api/v1/predictions']?.post;
      if (upload !== undefined) upload.requestBody = UPLOAD_BODY;
      return openapiObject;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
}

const image = { type: 'string' as const, format: 'binary' };

const UPLOAD_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        properties: {
          ...Object.fromEntries(IMAGE_PARTS.map((part) => [part, image])),
          name: { type: 'string' as const, description: "The field's name in results" },
          segmenter: { type: 'string' as const, enum: [...SEGMENTER_NAMES] },
          edge: { type: 'string' as const, enum: [...EDGE_POLICIES] },
          pixelSizeUm: { type: 'number' as const, description: 'Edge of a pixel in um' },
          channels: {
            type: 'string' as const,
            description:
              'What the channels of an OME-TIFF are called, such as Cy5=microtubules,GFP=protein,DAPI=nuclei',
          },
          threshold: { type: 'number' as const, minimum: 0, maximum: 1, default: 0.5 },
          overlay: { type: 'boolean' as const, default: false },
        },
      },
    },
  },
};

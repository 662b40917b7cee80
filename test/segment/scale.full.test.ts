import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type FieldOfView, measureRegions, type Plane, resizeArea } from '../../src/imaging/index.js';
import { findFields, readField } from '../../src/io/index.js';
import { segmentClassical } from '../../src/segment/index.js';

const FOV = fileURLToPath(new URL('../../../shared/data/hpa/fov', import.meta.url));

/** The field at another size and pixel size, 8 bit as before. */
function rescale(field: FieldOfView, factor: number): FieldOfView {
  const width = Math.round(field.width * factor);
  const height = Math.round(field.height * factor);
  const resize = (plane: Plane): Plane => {
    const { data } = resizeArea(plane, width, height);
    const bytes = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) bytes[i] = Math.round(255 * data[i]);
    return { width, height, bitDepth: 8, data: bytes };
  };
  const { microtubules, protein, nuclei, er } = field.channels;
  return {
    id: field.id,
    width,
    height,
    pixelSizeUm: field.pixelSizeUm / factor,
    channels: {
      microtubules: resize(microtubules),
      protein: resize(protein),
      nuclei: resize(nuclei),
      er: er && resize(er),
    },
  };
}

function countCells(field: FieldOfView): number {
  return measureRegions(segmentClassical(field).cells).length;
}

test.skipIf(!existsSync(FOV))(
  'the six real fields at half and at twice their resolution: as many cells within a tenth (skipped without ../shared)',
  async () => {
    const { sources } = await findFields([FOV]);
    const wrong: string[] = [];
    for (const source of sources) {
      const field = await readField(source);
      const whole = countCells(field);
      for (const factor of [0.5, 2]) {
        const count = countCells(rescale(field, factor));
        if (Math.abs(count / whole - 1) > 0.1)
          wrong.push(`${field.id} x${factor}: ${count} cells of ${whole}`);
      }
    }
    expect(sources.length).toBe(6);
    expect(wrong).toEqual([]);
  },
  300_000,
);

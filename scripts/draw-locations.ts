/**
 * Draws `docs/locations/NN-NAME.jpg`, a figure of eight synthetic cells for each location:
 *   npx tsx scripts/draw-locations.ts [--out docs/locations] [--seed 1] [--only ID,ID]
 * Each cell shows that location only and was cut out of a field at 0.16 um a pixel (a tile is 37 um wide); microtubules red, protein green,
 * nuclei blue, as in the atlas. The protein alone stands below, in grey.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { LOCATIONS, locationIndex } from '../src/common/index.js';
import { type FieldOfView, type LabelImage, measureRegions, renderOverlay } from '../src/imaging/index.js';
import { CELL_STYLES, defaultSynthSettings, simulateField } from '../src/synthetic/index.js';

const CELLS = 8;
const TILE_PX = 230;
const GAP_PX = 4;
const PIXEL_UM = 0.16;
const MOST_FIELDS = 24;

interface Tile {
  readonly colour: Buffer;
  readonly grey: Buffer;
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/locations' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
await mkdir(values.out, { recursive: true });
const only = values.only?.split(',').map(locationIndex);
for (const [id, name] of LOCATIONS.entries()) {
  if (only !== undefined && !only.includes(id)) continue;
  const tiles = await drawTiles(id, Number(values.seed));
  const file = `${`${id}`.padStart(2, '0')}-${name.toLowerCase().replaceAll(' ', '-')}.jpg`;
  await sharp({
    create: {
      width: CELLS * (TILE_PX + GAP_PX) - GAP_PX,
      height: 2 * TILE_PX + GAP_PX,
      channels: 3,
      background: '#fff',
    },
  })
    .composite(
      tiles.flatMap(({ colour, grey }, k) =>
        [colour, grey].map((input, row) => ({
          input,
          left: k * (TILE_PX + GAP_PX),
          top: row * (TILE_PX + GAP_PX),
          raw: { width: TILE_PX, height: TILE_PX, channels: 3 as const },
        })),
      ),
    )
    .jpeg({ quality: 68 })
    .toFile(join(values.out, file));
  console.log(file, tiles.length);
}

/** Cells of several fields and styles, none cut by the border. */
async function drawTiles(location: number, seed: number): Promise<Tile[]> {
  const tiles: Tile[] = [];
  for (let index = 0; index < MOST_FIELDS && tiles.length < CELLS; index++) {
    const { field, segmentation, cellLocations } = simulateField(
      {
        ...defaultSynthSettings,
        width: 560,
        height: 560,
        pixelSizeUm: PIXEL_UM,
        seed: seed + location,
        style: CELL_STYLES[index % CELL_STYLES.length],
        locations: [location],
        maxLocations: 1,
        coverage: [0.5, 0.6],
        labelNoise: { exact: 1, part: 0, none: 0, other: 0 },
        optics: { ...defaultSynthSettings.optics, blurredCells: [0, 0], photonsAtFullScale: [80, 200] },
      },
      index,
    );
    const own = measureRegions(segmentation.cells)
      .filter(({ label, touchesEdge }) => !touchesEdge && cellLocations[label - 1].includes(location))
      .slice(0, 2);
    for (const { label } of own) {
      if (tiles.length < CELLS) tiles.push(cutTile(field, segmentation.nuclei, label));
    }
  }
  return tiles;
}

/** A square around the cell's nucleus. */
function cutTile(field: FieldOfView, nuclei: LabelImage, label: number): Tile {
  const { width, height } = field;
  const none = () => ({ width, height, data: new Int32Array(width * height) });
  const shown = { ...field, channels: { ...field.channels, er: null } };
  const colour = renderOverlay(shown, { cells: none(), nuclei: none() }).data;
  const box = measureRegions(nuclei).find((region) => region.label === label)?.box;
  if (box === undefined) throw new Error(`cell ${label} of field ${field.id} has no nucleus`);
  const left = Math.min(Math.max(0, Math.round(box.x + box.width / 2 - TILE_PX / 2)), width - TILE_PX);
  const top = Math.min(Math.max(0, Math.round(box.y + box.height / 2 - TILE_PX / 2)), height - TILE_PX);
  const tile = { colour: Buffer.alloc(TILE_PX ** 2 * 3), grey: Buffer.alloc(TILE_PX ** 2 * 3) };
  for (let y = 0, i = 0; y < TILE_PX; y++) {
    for (let x = 0; x < TILE_PX; x++, i++) {
      const at = (y + top) * width + x + left;
      for (let sample = 0; sample < 3; sample++) {
        tile.colour[3 * i + sample] = colour[3 * at + sample];
        tile.grey[3 * i + sample] = colour[3 * at + 1];
      }
    }
  }
  return tile;
}

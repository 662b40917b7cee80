import { cos, exp, log, type Random, sin } from '../common/index.js';
import { drawLabels, NUCLEUS_RIM_UM } from './labelling.js';
import {
  cellOutline,
  nucleusOutline,
  type Outline,
  outlineRadius,
  plateOutline,
  roundOutline,
} from './outline.js';
import { CELL_STYLES, type CellStyle, type SynthSettings } from './settings.js';

/** One nucleus (or plate of chromosomes) of a cell; its centre in px of the layout's canvas. */
export interface NucleusSeed {
  readonly x: number;
  readonly y: number;
  readonly outline: Outline;
}

/** A cell as placed, before its neighbours press on it. Positions in px of the layout's canvas. */
export interface CellSeed {
  readonly x: number;
  readonly y: number;
  readonly outline: Outline;
  readonly style: CellStyle;
  /** Direction of the long axis. */
  readonly axisAngle: number;
  readonly mitotic: boolean;
  readonly nuclei: readonly NucleusSeed[];
}

/** Cells on a canvas that reaches `marginPx` beyond the field on each side: seed k - 1 is label k. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly marginPx: number;
  readonly style: CellStyle;
  readonly seeds: readonly CellSeed[];
  readonly cells: Int32Array;
  readonly nuclei: Int32Array;
}

/** How far the canvas reaches beyond the field: most of a cell's radius, so that the border cuts cells anywhere. */
const MARGIN_UM = 16;
const MITOTIC_SHARE = 0.015;
const BINUCLEATE_SHARE = 0.03;

/**
 * Area of a cell in um^2: log-normal, the median by style and by field. Over fields of all styles this gives the median
 * of 755 and the quartiles 467 and 1150 measured on cells/masks, after neighbours have taken their part.
 */
const MEDIAN_AREA_UM2: Record<CellStyle, number> = { spread: 2250, compact: 940, elongated: 1500 };
const FIELD_AREA_SD = 0.42;
const CELL_AREA_SD = 0.4;

/** Places cells until they cover the field as asked, and draws their label images. `mitoticCells`: at least so many. */
export function layOutCells(random: Random, settings: SynthSettings, mitoticCells: number): Layout {
  const marginPx = Math.ceil(MARGIN_UM / settings.pixelSizeUm);
  const width = settings.width + 2 * marginPx;
  const height = settings.height + 2 * marginPx;
  const style = settings.style === 'mixed' ? CELL_STYLES[random.integer(CELL_STYLES.length)] : settings.style;
  const seeds = placeSeeds(random, settings, style, { width, height, marginPx }, mitoticCells);
  const { cells, nuclei } = drawLabels(random.fork(1), seeds, width, height, settings.pixelSizeUm);
  return { width, height, marginPx, style, seeds, cells, nuclei };
}

interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly marginPx: number;
}

function placeSeeds(
  random: Random,
  settings: SynthSettings,
  style: CellStyle,
  canvas: CanvasSize,
  mitoticCells: number,
): CellSeed[] {
  const { pixelSizeUm } = settings;
  const coverage = random.range(...settings.coverage);
  const medianUm2 = MEDIAN_AREA_UM2[style] * exp(FIELD_AREA_SD * random.normal());
  // Share of new cells that are put beside another one: 0 scatters them, 1 grows islands.
  const clustering = random.range(0.2, 0.9);
  const lobed = random.uniform() < 0.3 ? random.range(0.3, 1) : random.range(0, 0.25);
  const parallel = random.uniform() < 0.5 ? random.range(0, Math.PI) : null;
  // Neighbours press into each other, so more area must be laid down than will be seen.
  const pressure = 1 + 0.55 * coverage * coverage;
  const targetPx = settings.cells === null ? coverage * pressure * canvas.width * canvas.height : Infinity;
  const targetCells = settings.cells ?? Infinity;
  const seeds: CellSeed[] = [];
  let areaPx = 0;
  let failures = 0;
  while (areaPx < targetPx && seeds.length < targetCells && failures < 300) {
    const mitotic = seeds.length < mitoticCells || random.uniform() < MITOTIC_SHARE;
    const cellUm2 = mitotic
      ? random.range(180, 330)
      : Math.min(4 * medianUm2, medianUm2 * exp(CELL_AREA_SD * random.normal()));
    const axisAngle = parallel === null ? random.range(0, Math.PI) : parallel + 0.35 * random.normal();
    const beside =
      seeds.length > 0 && random.uniform() < clustering ? seeds[random.integer(seeds.length)] : null;
    const at = drawPosition(
      random,
      canvas,
      beside,
      Math.sqrt(cellUm2 / Math.PI) / pixelSizeUm,
      seeds.length < mitoticCells,
    );
    const seed = makeSeed(random, at, style, cellUm2, axisAngle, mitotic, lobed, pixelSizeUm);
    if (!fits(seed, seeds, pixelSizeUm)) {
      failures++;
      continue;
    }
    failures = 0;
    seeds.push(seed);
    areaPx += cellUm2 / (pixelSizeUm * pixelSizeUm);
  }
  return seeds;
}

function drawPosition(
  random: Random,
  canvas: CanvasSize,
  beside: CellSeed | null,
  radiusPx: number,
  wellInside: boolean,
): { x: number; y: number } {
  if (wellInside) {
    const border = Math.min(canvas.marginPx + radiusPx, canvas.width / 2, canvas.height / 2);
    return {
      x: random.range(border, canvas.width - border),
      y: random.range(border, canvas.height - border),
    };
  }
  if (beside !== null) {
    const angle = random.range(0, 2 * Math.PI);
    const distance =
      (outlineRadius(beside.outline, cos(angle), sin(angle)) + radiusPx) * random.range(0.8, 1.05);
    const x = beside.x + distance * cos(angle);
    const y = beside.y + distance * sin(angle);
    if (x > 0 && y > 0 && x < canvas.width && y < canvas.height) return { x, y };
  }
  return { x: random.range(0, canvas.width), y: random.range(0, canvas.height) };
}

function makeSeed(
  random: Random,
  at: { x: number; y: number },
  style: CellStyle,
  cellUm2: number,
  axisAngle: number,
  mitotic: boolean,
  lobed: number,
  pixelSizeUm: number,
): CellSeed {
  const perPx = pixelSizeUm * pixelSizeUm;
  const cellPx = cellUm2 / perPx;
  if (mitotic) {
    const outline = roundOutline(random, cellPx);
    return {
      ...at,
      outline,
      style,
      axisAngle,
      mitotic,
      nuclei: mitoticPlates(random, at, axisAngle, pixelSizeUm),
    };
  }
  const outline = cellOutline(random, style, cellPx, axisAngle);
  const radiusPx = Math.sqrt(cellPx / Math.PI);
  // Bigger cells have bigger nuclei, but less than in proportion: 100 um^2 in a cell of 300, 220 in one of 2,000.
  const nucleusUm2 = 9 * exp(0.42 * log(cellUm2) + 0.16 * random.normal());
  const offset = radiusPx * 0.22;
  const x = at.x + offset * random.normal() * 0.6;
  const y = at.y + offset * random.normal() * 0.6;
  const nucleusAngle = axisAngle + 0.4 * random.normal();
  if (random.uniform() >= BINUCLEATE_SHARE) {
    const nucleus = { x, y, outline: nucleusOutline(random, nucleusUm2 / perPx, nucleusAngle, lobed) };
    return { ...at, outline, style, axisAngle, mitotic, nuclei: [nucleus] };
  }
  const each = (nucleusUm2 * 0.62) / perPx;
  const apart = Math.sqrt(each / Math.PI) * random.range(1.02, 1.4);
  const nuclei = [-1, 1].map((side) => ({
    x: x + side * apart * cos(axisAngle),
    y: y + side * apart * sin(axisAngle),
    outline: nucleusOutline(random, each, axisAngle + Math.PI / 2, lobed),
  }));
  return { ...at, outline, style, axisAngle, mitotic, nuclei };
}

/** Chromosomes across the spindle: one plate in metaphase, two that part in anaphase. */
function mitoticPlates(
  random: Random,
  at: { x: number; y: number },
  axisAngle: number,
  pixelSizeUm: number,
): NucleusSeed[] {
  const perPx = pixelSizeUm * pixelSizeUm;
  const across = axisAngle + Math.PI / 2;
  if (random.uniform() < 0.75)
    return [{ ...at, outline: plateOutline(random, random.range(32, 55) / perPx, across) }];
  const apart = random.range(2, 4.5) / pixelSizeUm;
  return [-1, 1].map((side) => ({
    x: at.x + side * apart * cos(axisAngle),
    y: at.y + side * apart * sin(axisAngle),
    outline: plateOutline(random, random.range(18, 28) / perPx, across),
  }));
}

/** True where the new cell's nuclei keep clear of all others and centres are not pressed together too hard. */
function fits(seed: CellSeed, seeds: readonly CellSeed[], pixelSizeUm: number): boolean {
  const rimPx = (2 * NUCLEUS_RIM_UM) / pixelSizeUm;
  for (const other of seeds) {
    const dx = seed.x - other.x;
    const dy = seed.y - other.y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    const facing = outlineRadius(seed.outline, -dx, -dy) + outlineRadius(other.outline, dx, dy);
    if (distance < (seed.mitotic || other.mitotic ? 0.92 : 0.66) * facing) return false;
    for (const a of seed.nuclei) {
      for (const b of other.nuclei) {
        const apart = Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
        if (apart < a.outline.reachPx + b.outline.reachPx + rimPx) return false;
      }
    }
  }
  return true;
}

import { expect, test } from 'vitest';
import { LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { distanceTransform } from '../../src/imaging/index.js';
import { defaultSynthSettings, type SynthSettings, simulateField } from '../../src/synthetic/index.js';

/** What the protein channel shows in all cells of four fields that show one location only, without noise. */
interface Measured {
  /** Mean light. */
  nucleus: number;
  cytoplasm: number;
  /** Within a um of the nuclear envelope, and of the outline. */
  envelope: number;
  edge: number;
  /** Farther than 3 um from the outline, and outside the nucleus. */
  middle: number;
  /** Brightest pixel over the median of the cells' light: how much small structures stand out. */
  peaked: number;
  /** Correlation with the other channels over a cell's cytoplasm, the mean of all cells. */
  withMicrotubules: number;
  withEr: number;
}

const PIXEL_SIZE_UM = 0.3;
const CLEAN: SynthSettings = {
  ...defaultSynthSettings,
  width: 256,
  height: 256,
  pixelSizeUm: PIXEL_SIZE_UM,
  bitDepth: 16,
  style: 'spread',
  coverage: [0.6, 0.7],
  labelNoise: { exact: 1, part: 0, none: 0, other: 0 },
  optics: {
    ...defaultSynthSettings.optics,
    haze: [0, 0],
    blurredCells: [0, 0],
    photonsAtFullScale: [1e6, 1e6],
    readNoise: [0, 0],
    uneven: [0, 0],
    bleedThrough: [0, 0],
    // Far below saturation, whatever gain is drawn.
    proteinGain: 0.1,
  },
};

function measure(location: number): Measured {
  const values: Record<'nucleus' | 'cytoplasm' | 'envelope' | 'edge' | 'middle', number[]> = {
    nucleus: [],
    cytoplasm: [],
    envelope: [],
    edge: [],
    middle: [],
  };
  const light: number[] = [];
  const withMicrotubules: number[] = [];
  const withEr: number[] = [];
  for (const index of [0, 1, 2, 3]) {
    const { field, segmentation, cellLocations } = simulateField({ ...CLEAN, locations: [location] }, index);
    const { width, height } = field;
    const byCell = cellLocations.map(() => ({
      protein: [] as number[],
      tubules: [] as number[],
      er: [] as number[],
    }));
    const cells = segmentation.cells.data;
    const nuclei = segmentation.nuclei.data;
    const edges = Uint8Array.from(cells, (label, i) => (isInterior(cells, i, width, label) ? 1 : 0));
    const toEdge = distanceTransform(edges, width, height);
    const fromNucleus = distanceTransform(
      Uint8Array.from(nuclei, (label) => (label > 0 ? 0 : 1)),
      width,
      height,
    );
    const intoNucleus = distanceTransform(
      Uint8Array.from(nuclei, (label) => (label > 0 ? 1 : 0)),
      width,
      height,
    );
    field.channels.protein.data.forEach((value, i) => {
      if (cells[i] === 0 || !cellLocations[cells[i] - 1].includes(location)) return;
      const edgeUm = toEdge[i] * PIXEL_SIZE_UM;
      light.push(value);
      if (Math.max(fromNucleus[i], intoNucleus[i]) * PIXEL_SIZE_UM < 0.7) values.envelope.push(value);
      if (edgeUm < 0.7) values.edge.push(value);
      if (nuclei[i] > 0) {
        if (intoNucleus[i] * PIXEL_SIZE_UM > 1.5) values.nucleus.push(value);
        return;
      }
      values.cytoplasm.push(value);
      if (edgeUm > 3) values.middle.push(value);
      const cell = byCell[cells[i] - 1];
      cell.protein.push(value);
      cell.tubules.push(field.channels.microtubules.data[i]);
      cell.er.push(field.channels.er?.data[i] ?? 0);
    });
    for (const { protein, tubules, er } of byCell) {
      if (protein.length === 0) continue;
      withMicrotubules.push(correlation(protein, tubules));
      withEr.push(correlation(protein, er));
    }
  }
  const sorted = Float64Array.from(light).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return {
    nucleus: mean(values.nucleus),
    cytoplasm: mean(values.cytoplasm),
    envelope: mean(values.envelope),
    edge: mean(values.edge),
    middle: mean(values.middle),
    peaked: at(1) / at(0.5),
    withMicrotubules: mean(withMicrotubules),
    withEr: mean(withEr),
  };
}

function isInterior(cells: Int32Array, i: number, width: number, label: number): boolean {
  if (label === 0) return false;
  return [i - 1, i + 1, i - width, i + width].every((j) => cells[j] === undefined || cells[j] === label);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

function correlation(a: number[], b: number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const WHERE: Record<number, (m: Measured) => boolean> = {
  0: (m) => m.nucleus > 4 * m.cytoplasm,
  1: (m) => m.envelope > 1.3 * m.nucleus && m.envelope > 3 * m.middle,
  2: (m) => m.nucleus > 4 * m.cytoplasm && m.peaked > 10,
  3: (m) => m.nucleus > 2 * m.cytoplasm && m.peaked > 10,
  4: (m) => m.nucleus > 4 * m.cytoplasm && m.peaked > 10,
  5: (m) => m.nucleus > 2 * m.cytoplasm && m.peaked > 10,
  6: (m) => m.cytoplasm > 1.5 * m.nucleus && m.withEr > 0.6,
  7: (m) => m.envelope > m.nucleus && m.envelope > 1.3 * m.middle && m.peaked > 10,
  8: (m) => m.middle > m.nucleus && m.envelope > 2 * m.edge,
  9: (m) => m.edge > 0.5 * m.middle && m.nucleus > 0.5 * m.middle,
  10: (m) => m.withMicrotubules > 0.5 && m.cytoplasm > 1.3 * m.nucleus,
  11: (m) => m.peaked > 5,
  12: (m) => m.envelope > m.edge && m.peaked > 5,
  13: (m) => m.edge > 2 * m.middle,
  14: (m) => m.middle > 1.5 * m.nucleus && m.middle > 1.5 * m.edge,
  15: (m) => m.peaked > 10 && m.middle > m.edge,
  16: (m) => m.cytoplasm > 1.5 * m.nucleus && m.peaked < 6,
  17: (m) => m.middle > m.nucleus && m.peaked > 5,
};

test.each(LOCATIONS.slice(0, NEGATIVE).map((name, id) => [name, id] as const))(
  '%s shines where it should',
  (_, id) => {
    const measured = measure(id);
    expect(WHERE[id](measured), JSON.stringify(measured)).toBe(true);
  },
);

test('a cell without the protein is far dimmer than one with it', () => {
  const present = measure(16);
  const absent = measure(NEGATIVE);
  expect(absent.cytoplasm).toBeLessThan(0.25 * present.cytoplasm);
});

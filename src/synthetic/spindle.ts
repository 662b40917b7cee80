import { cos, type Random, sin } from '../common/index.js';
import type { Anatomy } from './anatomy.js';
import { addSpot, normaliseLight, splat } from './brush.js';

/**
 * Mitotic spindle: two poles, fibres that bulge between them and end at the chromosomes or overlap in the middle, short
 * astral fibres outward from each pole (Alberts et al., ch. 17; HPA cell dictionary, "Mitotic spindle").
 * Dark where the cell is not in mitosis.
 */
export function drawSpindle(random: Random, cell: Anatomy): Float32Array {
  const { box, pixelSizeUm, inside, poles } = cell;
  const plane = new Float32Array(box.width * box.height);
  if (poles.length < 2) return plane;
  const [a, b] = poles;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.sqrt(dx * dx + dy * dy);
  const ux = dx / length;
  const uy = dy / length;
  const steps = Math.ceil(length * 1.3);
  for (let fibre = 0; fibre < 46; fibre++) {
    // Sideways bulge at the middle: a fibre follows half an ellipse from pole to pole.
    const bulge = random.normal() * 0.17 * length;
    const from = random.uniform() < 0.5 ? 0 : 0.4;
    const to = from === 0 ? random.range(0.45, 0.7) : 1;
    const start = random.uniform() < 0.3 ? 0 : from;
    const end = start === 0 && random.uniform() < 0.3 ? 1 : to;
    for (let s = 0; s <= steps; s++) {
      const t = s / steps;
      if (t < start || t > end) continue;
      const side = bulge * 4 * t * (1 - t);
      splat(plane, box, a.x + dx * t - uy * side, a.y + dy * t + ux * side, 1);
    }
  }
  for (const [pole, outward] of [
    [a, -1],
    [b, 1],
  ] as const) {
    for (let fibre = 0; fibre < 10; fibre++) {
      const turn = random.normal() * 0.9;
      const c = cos(turn) * outward;
      const s = sin(turn);
      const reach = random.range(1, 3.5) / pixelSizeUm;
      for (let r = 0; r < reach; r++) {
        splat(
          plane,
          box,
          pole.x + (ux * c - uy * s) * r,
          pole.y + (uy * c + ux * s) * r,
          0.6 * (1 - r / reach),
        );
      }
    }
    addSpot(plane, box, pole.x, pole.y, 0.45 / pixelSizeUm, 5);
  }
  for (let i = 0; i < plane.length; i++) if (inside[i] === 0) plane[i] = 0;
  return normaliseLight(plane, 70);
}

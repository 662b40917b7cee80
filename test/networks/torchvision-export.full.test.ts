import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { readInputFile } from '../../src/io/index.js';
import { loadImportedDetector } from '../../src/networks/index.js';
import { importDetector } from '../../src/runs/index.js';
import { runtime } from '../learn/example.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const EXPORTER = fileURLToPath(new URL('torchvision-export.py', import.meta.url));
const WIDTH = 120;
const HEIGHT = 96;
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-export-'));
});
afterAll(() => rm(root, { recursive: true }));

test.skipIf(!existsSync(PYTHON))(
  "torchvision's own export finds here the cells that it finds there (skipped without bench/peers/.venv)",
  async () => {
    const model = join(root, 'torchvision.onnx');
    const printed = execFileSync(PYTHON, [EXPORTER, model], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    });
    const answer: Record<'boxes' | 'labels' | 'scores' | 'image', number[]> = JSON.parse(
      printed.slice(printed.indexOf('ANSWER ') + 'ANSWER '.length),
    );
    const labels = join(root, 'labels.csv');
    await writeFile(labels, 'label,location\n1,0\n2,16\n3,18\n');
    const out = join(root, 'imported.onnx');
    const channels = ['microtubules', 'protein', 'nuclei'] as const;
    await importDetector({ model, out, labels, channels, pixelSizeUm: 0.5 });
    const detector = await loadImportedDetector(runtime, await readInputFile(out));
    const planes = channels.map((_, c) => ({
      ...{ width: WIDTH, height: HEIGHT, bitDepth: 32 as const },
      data: Float32Array.from(answer.image.slice(c * WIDTH * HEIGHT, (c + 1) * WIDTH * HEIGHT)),
    }));
    const found = await detector.detect(planes);
    await detector.release();
    const classOf = [0, 0, 16, 18];
    expect(answer.scores.length).toBeGreaterThan(0);
    expect(found.length).toBeGreaterThan(0);
    for (const { box, certainty, scores } of found) {
      // Several labels on one place are one cell here; each cell bears the box of its most certain detection.
      const at = answer.scores.findIndex(
        (score, i) =>
          Math.abs(score - certainty) < 1e-4 &&
          box.every((edge, side) => Math.abs(edge - answer.boxes[4 * i + side]) < 0.01),
      );
      expect(at).toBeGreaterThanOrEqual(0);
      expect(scores[classOf[answer.labels[at]]]).toBeCloseTo(answer.scores[at], 4);
      expect(scores).toHaveLength(LOCATIONS.length);
    }
    expect(found[0].certainty).toBeCloseTo(Math.max(...answer.scores), 4);
  },
);

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openModelPackage } from '../../src/io/index.js';
import { SEGMENTER_NETWORKS } from '../../src/networks/index.js';
import { exportModel } from '../../src/runs/index.js';
import { exampleSegmenter } from './example-segmenter.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('package_check.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cytolocus-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(PYTHON))(`NumPy and onnxruntime (skipped where ${PYTHON} is absent)`, () => {
  test.each([...SEGMENTER_NETWORKS.keys()])(
    '%s exported keeps to the rules of format 0.5 and runs by its description alone',
    async (name) => {
      const model = join(folder, `${name}.onnx`);
      writeFileSync(model, exampleSegmenter(name));
      const out = join(folder, name);
      await exportModel(model, out);
      const json = join(folder, `${name}.json`);
      writeFileSync(json, JSON.stringify(parse((await openModelPackage(out)).description)));
      const printed = execFileSync(PYTHON, [ORACLE, out, json], { encoding: 'utf8' });
      expect(Number(printed)).toBeLessThan(1e-3);
    },
  );
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { openModelPackage } from '../../src/io/index.js';

const root = mkdtempSync(join(tmpdir(), 'cytolocus-package-'));
afterAll(() => rmSync(root, { recursive: true }));

const folder = join(root, 'folder');
mkdirSync(folder);
writeFileSync(join(folder, 'v1.bioimageio.yaml'), 'name: x');
writeFileSync(join(folder, 'weights.onnx'), 'w');
writeFileSync(join(root, 'a.zip'), zipSync({ 'rdf.yaml': strToU8('name: x'), 'weights.onnx': strToU8('w') }));
writeFileSync(join(root, 'b.zip'), 'no zip');
writeFileSync(join(root, 'c.zip'), zipSync({ 'weights.onnx': strToU8('w') }));

test.each([['folder'], ['folder/v1.bioimageio.yaml'], ['a.zip']])('%s is opened', async (name) => {
  const files = await openModelPackage(join(root, name));
  expect(files.description).toBe('name: x');
  expect(new TextDecoder().decode(await files.readFile('weights.onnx'))).toBe('w');
});

test.each([
  ['b.zip', 'package-damaged'],
  ['c.zip', 'package-description'],
  ['.', 'package-description'],
  ['gone', 'file-missing'],
])('%s is %s', async (name, code) => {
  await expect(openModelPackage(join(root, name))).rejects.toMatchObject({ code });
});

test.each([['../a.zip'], ['/etc/passwd'], ['https://example.com/w.onnx']])(
  'a description cannot reach %s, outside its package',
  async (file) => {
    for (const name of ['folder', 'a.zip']) {
      const files = await openModelPackage(join(root, name));
      await expect(files.readFile(file)).rejects.toMatchObject({ code: 'package-file' });
    }
  },
);

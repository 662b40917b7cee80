import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** The layers a folder may import besides itself: the arrows of ARCHITECTURE.md. */
const MAY_IMPORT: Record<string, string[]> = {
  common: [],
  report: ['common'],
  engine: ['common'],
  imaging: ['common'],
  masks: ['common', 'imaging'],
  learn: ['common', 'engine', 'report'],
  io: ['common', 'imaging', 'masks', 'engine'],
  segment: ['common', 'imaging', 'masks', 'learn', 'engine', 'networks'],
  crops: ['common', 'imaging', 'masks'],
  networks: ['common', 'imaging', 'crops', 'learn', 'engine'],
  scoring: ['common', 'imaging', 'masks', 'report'],
  synthetic: ['common', 'imaging', 'masks', 'report'],
  realism: ['common', 'imaging', 'masks', 'engine', 'learn', 'synthetic', 'report'],
  dataset: ['common', 'imaging', 'masks', 'crops', 'io', 'report'],
  predict: ['common', 'imaging', 'masks', 'engine', 'learn', 'segment', 'crops', 'networks', 'scoring'],
  evaluation: ['common', 'imaging', 'masks', 'io', 'dataset', 'scoring', 'report'],
  runs: [
    'common',
    'imaging',
    'masks',
    'engine',
    'learn',
    'io',
    'segment',
    'crops',
    'networks',
    'scoring',
    'synthetic',
    'realism',
    'dataset',
    'predict',
    'training',
    'report',
  ],
  training: [
    'common',
    'imaging',
    'masks',
    'engine',
    'learn',
    'segment',
    'crops',
    'dataset',
    'networks',
    'scoring',
    'synthetic',
    'io',
    'report',
  ],
};
const EVERYTHING_BELOW_FACES = Object.keys(MAY_IMPORT);
const FACES = ['cli', 'server', 'web', 'batch'];
/** The command line starts the server, as it starts everything. */
const FACE_MAY_IMPORT: Record<string, string[]> = { cli: ['server'] };
const NEUTRAL = [
  'common',
  'report',
  'engine',
  'learn',
  'imaging',
  'masks',
  'segment',
  'crops',
  'networks',
  'scoring',
  'synthetic',
  'realism',
  'predict',
];
/** Packages that only work in Node: neutral layers must be handed what these make. */
const NODE_ONLY_PACKAGES = [
  'sharp',
  'onnxruntime-node',
  'commander',
  'cli-progress',
  'piscina',
  'fastify',
  'h5wasm/node',
];

interface Import {
  file: string;
  layer: string;
  specifier: string;
  target: string | null;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
}

function readImports(): Import[] {
  return sourceFiles(SRC).flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const matches = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
    return [...matches].map(([, specifier]) => ({
      file,
      layer: file.split('/')[0],
      specifier,
      target: specifier.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), specifier)) : null,
    }));
  });
}

const imports = readImports().filter(({ file }) => file.includes('/'));

test('every import goes down the layers, never up, never sideways between faces', () => {
  const wrong = imports.filter(({ layer, target }) => {
    if (target === null) return false;
    const targetLayer = target.split('/')[0];
    if (targetLayer === layer) return false;
    const allowed = FACES.includes(layer)
      ? [...EVERYTHING_BELOW_FACES, ...(FACE_MAY_IMPORT[layer] ?? [])]
      : MAY_IMPORT[layer];
    return !allowed?.includes(targetLayer);
  });
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('another layer is reached through its index only', () => {
  const wrong = imports.filter(
    ({ layer, target }) => target !== null && target.split('/')[0] !== layer && !target.endsWith('/index.js'),
  );
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('platform-neutral layers import nothing that only Node has', () => {
  const wrong = imports.filter(
    ({ layer, specifier }) =>
      NEUTRAL.includes(layer) && (specifier.startsWith('node:') || NODE_ONLY_PACKAGES.includes(specifier)),
  );
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('below the faces only io knows the file system', () => {
  const wrong = imports.filter(
    ({ layer, specifier }) => /^node:fs/.test(specifier) && !['io', ...FACES].includes(layer),
  );
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('every layer opens with an index.ts whose first line says what it is for', () => {
  const layers = new Set(
    sourceFiles(SRC)
      .filter((file) => file.includes('/'))
      .map((file) => file.split('/')[0]),
  );
  for (const layer of layers) {
    const firstLine = readFileSync(join(SRC, layer, 'index.ts'), 'utf8').split('\n')[0];
    expect(firstLine, layer).toMatch(/^\/\*\*/);
  }
});

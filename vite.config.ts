import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/**
 * A layer's index brings much that the page never calls: training, reports, YAML. None of it acts by being imported, so it may go:
 * the page and its worker weigh a third.
 */
const slim = {
  treeshake: { moduleSideEffects: (id: string) => /\.css|main\.tsx|engine-worker\.ts/.test(id) },
};

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const PAGE = at('dist/page');

/** Writes FILE.br and FILE.gz beside each text and WebAssembly file of the page: the server hands them out as they are. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  closeBundle() {
    // 5 of 11: above it the runtime's 14 MB take several times as long and shrink by 5 % more.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    for (const name of readdirSync(PAGE, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(html|m?js|css|svg|wasm)$/.test(name)) continue;
      const bytes = readFileSync(join(PAGE, name));
      writeFileSync(join(PAGE, `${name}.br`), brotliCompressSync(bytes, { params }));
      writeFileSync(join(PAGE, `${name}.gz`), gzipSync(bytes));
    }
  },
};

/** The web page: `npm run build` puts it into dist/page, from where `cytolocus serve` gives it out. */
export default defineConfig({
  root: at('src/web/page'),
  build: {
    outDir: PAGE,
    emptyOutDir: true,
    target: 'es2022',
    // Inlined as data: URLs files would need a weaker content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: slim,
  },
  worker: { format: 'es', rolldownOptions: slim },
  plugins: [compressed],
});

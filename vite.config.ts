import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * A layer's index brings much that the page never calls: training, reports, YAML. None of it acts by being imported, so it may go:
 * the page and its worker weigh a third.
 */
const slim = {
  treeshake: { moduleSideEffects: (id: string) => /\.css|main\.tsx|engine-worker\.ts/.test(id) },
};

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The web page: `npm run build` puts it into dist/page, from where `cytolocus serve` gives it out. */
export default defineConfig({
  root: at('src/web/page'),
  build: {
    outDir: at('dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined as data: URLs files would need a weaker content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: slim,
  },
  worker: { format: 'es', rolldownOptions: slim },
});

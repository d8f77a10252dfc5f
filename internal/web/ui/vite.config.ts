import { readFileSync } from 'node:fs';

import { defineConfig, type Plugin } from 'vite';

// GraphiQL names a web font for its editors without a fallback. The build ships no fonts, and Monaco measures characters with
// the font it is told, so a style sheet cannot replace it afterwards.
function editorFont(family: string): Plugin {
  const named = '"\\"Fira Code\\""';
  return {
    name: 'editor-font',
    transform(code, id) {
      if (!id.endsWith('/@graphiql/react/dist/utility/create-editor.js')) {
        return null;
      }
      if (!code.includes(named)) {
        this.error('GraphiQL no longer names its editor font here: find the new place or drop this plugin');
      }
      return { code: code.replace(named, JSON.stringify(family)), map: null };
    },
  };
}

// Vite lists the licences of what the page bundles; this package is in the GraphQL worker only.
function workerLicense(name: string): Plugin {
  return {
    name: 'worker-license',
    generateBundle() {
      const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'licenses-worker.md', source: `# Licenses\n\n## ${name}\n\n${text}` });
    },
  };
}

// The Go server serves the build under /graphiql; file names carry a hash of their content, so that they may be cached for ever.
export default defineConfig({
  base: '/graphiql/',
  publicDir: false,
  plugins: [editorFont('ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'), workerLicense('picomatch-browser')],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      output: {
        // Libraries apart from our own code: a change of ours renames one small file, not those of several megabytes.
        codeSplitting: { groups: [{ name: 'libraries', test: /node_modules\/(?!monaco-|prettier\/)/ }] },
      },
    },
  },
  worker: { format: 'es' },
});

// Builds into a directory of its own and compares every byte with the committed build: node drift.mjs
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'vite';

const committed = new URL('../dist', import.meta.url).pathname;
const fresh = mkdtempSync(join(tmpdir(), 'kritisgraph-ui-'));

function files(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)));
}

try {
  await build({ root: import.meta.dirname, logLevel: 'warn', build: { outDir: fresh } });
  const [before, after] = [files(committed), files(fresh)];
  const different = [...new Set([...before, ...after])].filter(
    (name) => !before.has(name) || !after.has(name) || !readFileSync(join(committed, name)).equals(readFileSync(join(fresh, name))),
  );
  if (different.length > 0) {
    console.error(`internal/web/dist is not what internal/web/ui builds (npm ci && npm run build):\n  ${different.sort().join('\n  ')}`);
    process.exitCode = 1;
  } else {
    console.log(`internal/web/dist is up to date, ${after.size} files`);
  }
} finally {
  rmSync(fresh, { recursive: true });
}

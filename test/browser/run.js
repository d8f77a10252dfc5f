// Opens the pages of a running server in Chromium and checks them: node run.js BASE_URL SCREENSHOT_DIRECTORY
import { mkdirSync } from 'node:fs';

import { launch } from './browser.js';
import { Checks } from './checks.js';
import { checkGraphiQL } from './graphiql.js';
import { checkStart } from './start.js';

const [base, screenshots] = process.argv.slice(2);
if (!URL.canParse(base ?? '') || !screenshots) {
  console.error('usage: node run.js BASE_URL SCREENSHOT_DIRECTORY');
  process.exit(2);
}
mkdirSync(screenshots, { recursive: true });

const checks = new Checks();
const browser = await launch();
try {
  for (const part of [checkStart, checkGraphiQL]) {
    try {
      await part({ browser, origin: new URL(base).origin, screenshots, checks });
    } catch (error) {
      checks.fail(part.name, error.message);
    }
  }
} finally {
  await browser.close();
}
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed > 0 || checks.passed === 0 ? 1 : 0;

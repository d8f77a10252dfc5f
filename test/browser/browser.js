import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts the Chromium that is installed on this machine; the environment variable CHROMIUM names another one. */
export function launch() {
  const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  if (process.getuid?.() === 0) {
    args.push('--no-sandbox');
  }
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? findChromium(), args });
}

function findChromium() {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      const path = join(directory, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        continue;
      }
    }
  }
  throw new Error('no Chromium on the PATH: apt-get install chromium, or name one by CHROMIUM');
}

/**
 * Opens a page of the server in a fresh profile. What must not happen gathers in `troubles`: console errors and warnings, uncaught
 * errors, violations of the content security policy, requests to another origin, failed requests and error answers.
 */
export async function open(browser, origin, path, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const failures = [];
  const troubles = { console: [], policy: [], foreign: [], get network() { return failures.filter(({ excused }) => !excused()).map(({ text }) => text); } };
  let documents = 0;
  page.on('domcontentloaded', () => documents++);
  await page.exposeFunction('reportViolation', (text) => troubles.policy.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`${event.effectiveDirective} blocked ${event.blockedURI || 'inline'} at ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      troubles.console.push(message.text());
    }
    if (/Content Security Policy/.test(message.text())) {
      troubles.policy.push(message.text());
    }
  });
  page.on('pageerror', (error) => troubles.console.push(error.stack ?? error.message));
  const askedBy = new Map();
  context.on('request', (request) => {
    askedBy.set(request, documents);
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) {
      troubles.foreign.push(request.url());
    }
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A document that is left breaks off what it still asked for.
    failures.push({ text: `${request.url()}: ${reason}`, excused: () => reason === 'net::ERR_ABORTED' && askedBy.get(request) < documents });
  });
  context.on('response', (response) => {
    if (response.status() >= 400) {
      failures.push({ text: `${response.url()}: ${response.status()}`, excused: () => false });
    }
  });
  await page.goto(origin + path);
  return { context, page, troubles };
}

/** Counts the troubles of a page, one check per kind. */
export function checkTroubles(checks, name, troubles) {
  for (const [kind, found] of Object.entries(troubles)) {
    checks.none(`${name}: ${kind}`, found);
  }
}

/** Runs axe-core, with the size of targets as in WCAG 2.2; one line per violated rule. */
export async function findViolations(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run(document, { rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] });
    return result.violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, places: nodes.map((node) => node.target.join(' ')) }));
  });
  return violations.map(({ id, impact, help, places }) => `${id} (${impact}, ${places.length}): ${help}: ${places.slice(0, 3).join(' | ')}`);
}

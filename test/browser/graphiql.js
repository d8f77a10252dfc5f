import { checkTroubles, findViolations, open } from './browser.js';

const tabs = ['StatePage', 'ResponsibilityOfPlace', 'Coverage', 'SimulateOutage', 'PathsAndSpof', 'Search', 'SectorCatalogue'];

/** GraphiQL in both colour schemes: its examples, one of them run, a query typed and run. Findings of axe are printed, not counted. */
export async function checkGraphiQL({ browser, origin, screenshots, checks }) {
  for (const colorScheme of ['light', 'dark']) {
    const name = `graphiql-${colorScheme}`;
    const { context, page, troubles } = await open(browser, origin, '/graphiql', { colorScheme, viewport: { width: 1280, height: 800 } });
    await page.locator('.graphiql-editor .view-line').first().waitFor();
    checks.equal(`${name}: tabs`, await page.locator('.graphiql-tab-button').allTextContents(), tabs);

    await runStatePage(page, `${name}: first visit`, checks);
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState'));
    await page.reload();
    await runStatePage(page, `${name}: second visit`, checks);
    await page.screenshot({ path: `${screenshots}/${name}.png` });

    await page.locator('.graphiql-tab-add').click();
    await page.locator('.graphiql-editor .monaco-editor').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('query Root { root: __typename }');
    await page.locator('.graphiql-tab-active').getByText('Root').waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    checks.none(`${name}: a typed query is answered`, await unanswered(page, /"root": "Query"/));

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer-content').getByText('Query').first().waitFor();
    await page.screenshot({ path: `${screenshots}/${name}-documentation.png` });

    for (const finding of await findViolations(page)) {
      console.log(`${name}, axe, not counted: ${finding}`);
    }
    checkTroubles(checks, name, troubles);
    await context.close();
  }
  await checkExampleLink({ browser, origin, checks });
}

/** Runs the example that is open at first; without its variables the answer would be an error. */
async function runStatePage(page, name, checks) {
  await page.locator('.graphiql-editor .view-line').first().waitFor();
  await page.locator('.graphiql-execute-button').click();
  checks.none(`${name}: StatePage is answered`, await unanswered(page, /"capital": "München"/));
  checks.none(`${name}: StatePage has no errors`, /"errors"/.test(await response(page)) ? [await response(page)] : []);
}

/** A link to an example opens it first, and a reload keeps what was typed. */
async function checkExampleLink({ browser, origin, checks }) {
  const { context, page, troubles } = await open(browser, origin, '/graphiql?operation=SimulateOutage', { viewport: { width: 1280, height: 800 } });
  const active = page.locator('.graphiql-tab-active .graphiql-tab-button');
  await active.waitFor();
  checks.equal('graphiql: a link opens its example', await active.textContent(), 'SimulateOutage');
  checks.equal('graphiql: the example is asked for once', new URL(page.url()).search, '');
  await page.locator('.graphiql-editor .view-line').getByText('SimulateOutage').first().waitFor();
  await page.locator('.graphiql-execute-button').click();
  checks.none('graphiql: SimulateOutage is answered', await unanswered(page, /"startsAfter": "PT0S"/));

  await page.goto(`${origin}/graphiql?operation=Search`);
  await active.waitFor();
  checks.equal('graphiql: a second link opens its example beside the stored tabs', await active.textContent(), 'Search');
  checks.equal('graphiql: no example appears twice', (await page.locator('.graphiql-tab-button').allTextContents()).toSorted(), tabs.toSorted());
  checkTroubles(checks, 'graphiql: links', troubles);
  await context.close();
}

async function response(page) {
  const lines = await page.locator('.result-window .view-line').allTextContents();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** Waits until the response matches; says what it was if it does not. */
async function unanswered(page, wanted) {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    if (wanted.test(await response(page))) {
      return [];
    }
    await page.waitForTimeout(50);
  }
  return [`wanted ${wanted}, got ${(await response(page)) || 'nothing'}`];
}

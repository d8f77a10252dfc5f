import { checkTroubles, findViolations, open } from './browser.js';

const languages = { de: 'de-DE', en: 'en-GB' };

/** The start page in both languages and colour schemes, narrow and wide, by the browser's settings alone. */
export async function checkStart({ browser, origin, screenshots, checks }) {
  for (const [language, locale] of Object.entries(languages)) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [320, 1280]) {
        const name = `start-${language}-${colorScheme}-${width}`;
        const options = { locale, colorScheme, viewport: { width, height: 800 } };
        const { context, page, troubles } = await open(browser, origin, '/', options);
        checks.equal(`${name}: language`, await page.getAttribute('html', 'lang'), language);
        checks.equal(`${name}: ground is dark`, await isDark(page), colorScheme === 'dark');
        checks.none(`${name}: sideways scrolling`, await page.evaluate(overflowing));
        checks.none(`${name}: axe`, await findViolations(page));
        await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
        checkTroubles(checks, name, troubles);
        await context.close();
      }
    }
  }
  await checkLinks({ browser, origin, checks });
  await checkKeyboard({ browser, origin, checks });
}

async function isDark(page) {
  const channels = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).map(Number));
  return channels.every((channel) => channel < 64);
}

function overflowing() {
  const width = document.documentElement.clientWidth;
  const wider = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 1);
  const names = wider.map((element) => element.outerHTML.slice(0, 80));
  return document.documentElement.scrollWidth > width ? [`${document.documentElement.scrollWidth} > ${width}`, ...names] : [];
}

async function checkLinks({ browser, origin, checks }) {
  const { context, page, troubles } = await open(browser, origin, '/', { locale: languages.de });
  const links = await page.$$eval('a[href]', (anchors) => anchors.map((anchor) => anchor.getAttribute('href')));
  for (const link of new Set(links.filter((href) => href.startsWith('/')))) {
    checks.equal(`start: link ${link}`, (await context.request.get(origin + link)).status(), 200);
  }
  await page.click('nav a');
  checks.equal('start: the link to the other language', await page.getAttribute('html', 'lang'), 'en');
  checkTroubles(checks, 'start: links', troubles);
  await context.close();
}

async function checkKeyboard({ browser, origin, checks }) {
  const { context, page } = await open(browser, origin, '/', { locale: languages.de });
  const links = await page.$$eval('a[href]', (anchors) => anchors.map((anchor) => anchor.getAttribute('href')));
  const walked = [];
  const invisible = [];
  for (let step = 0; step < links.length; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { href: document.activeElement.getAttribute('href'), visible: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    walked.push(focus.href);
    if (!focus.visible) {
      invisible.push(focus.href ?? 'no link');
    }
  }
  checks.equal('start: the tab key reaches each link in order', walked, links);
  checks.none('start: the focus is visible', invisible);
  await context.close();
}

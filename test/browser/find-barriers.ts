import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The rules of WCAG 2.2 at level AA, including all rules of lower levels, and the advice of axe's makers. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Rows of a table are alike, and so are items of a list. Checking only the first ones takes a fifth of the time. */
const ALIKE = [
  ...['tbody tr:nth-child(n + 9)', 'main :is(ol, ul) > li:nth-child(n + 13)', '.plot svg a:nth-child(n + 9)'],
  ...['tr > :nth-child(n + 17)', '[data-table]:nth-of-type(n + 4)', 'option:nth-child(n + 4)'],
].join(', ');
const ALL: RunOptions = {
  resultTypes: ['violations'],
  runOnly: { type: 'tag', values: TAGS },
  // Axe leaves this rule out unless it is asked for.
  rules: { 'target-size': { enabled: true } },
};

/** The rules whose results depend on colours and widths. The results of all other rules depend only on the page. */
const BY_LOOKS: RunOptions = {
  resultTypes: ['violations'],
  runOnly: {
    type: 'rule',
    values: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'],
  },
};

/**
 * Finds barriers that keep people from using the page, or one part of it, in its present state. Returns a line for each
 * rule and place. Of elements that are alike, keeps only the first ones in the page, and removes the others.
 */
export function findBarriers(page: Page, part?: string): Promise<string[]> {
  return runAxe(page, ALL, part);
}

/** Checks only what can differ with other colours or another width. */
export function findBarriersByLooks(page: Page, part?: string): Promise<string[]> {
  return runAxe(page, BY_LOOKS, part);
}

async function runAxe(page: Page, options: RunOptions, part = 'html'): Promise<string[]> {
  // The script runs like a text that is typed into the browser's developer tools, so the page's policy does not apply
  // to the script and can stay unchanged.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  await page.evaluate(`document.querySelectorAll(${JSON.stringify(ALIKE)}).forEach((one) => one.remove())`);
  const run = `axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`;
  const violations = await page.evaluate<AxeResults['violations']>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}

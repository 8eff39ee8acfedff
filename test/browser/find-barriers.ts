import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 at level AA with all that it includes, and what axe's makers advise beside it. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Lines of a table are alike, and so is what stands in other lists: the first ones stand for all, in a fifth of the time. */
const ALIKE = [
  ...['tbody tr:nth-child(n + 9)', 'main :is(ol, ul) > li:nth-child(n + 13)', '.plot svg a:nth-child(n + 9)'],
  ...['tr > :nth-child(n + 17)', '[data-table]:nth-of-type(n + 4)', 'option:nth-child(n + 4)'],
].join(', ');
const ALL: RunOptions = {
  resultTypes: ['violations'],
  runOnly: { type: 'tag', values: TAGS },
  // Axe leaves it out unless it is asked for.
  rules: { 'target-size': { enabled: true } },
};

/** What colours and widths can change; all else is the page's, however it is shown. */
const BY_LOOKS: RunOptions = {
  resultTypes: ['violations'],
  runOnly: {
    type: 'rule',
    values: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'],
  },
};

/** What keeps somebody from using the page as it is now, or that part of it: a line for each rule and place. It takes from the page what is alike. */
export function findBarriers(page: Page, part?: string): Promise<string[]> {
  return runAxe(page, ALL, part);
}

/** Of that only what may be otherwise in other colours, or another width. */
export function findBarriersByLooks(page: Page, part?: string): Promise<string[]> {
  return runAxe(page, BY_LOOKS, part);
}

async function runAxe(page: Page, options: RunOptions, part = 'html'): Promise<string[]> {
  // As the browser's tools run what is typed into them: the page's policy is none of theirs, and stays as it is.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  await page.evaluate(`document.querySelectorAll(${JSON.stringify(ALIKE)}).forEach((one) => one.remove())`);
  const run = `axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`;
  const violations = await page.evaluate<AxeResults['violations']>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}

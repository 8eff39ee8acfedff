import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 at level AA with all that it includes, and what axe's makers advise beside it. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Lines of a table are alike: the first ones stand for all, in a fifth of the time. */
const EXCLUDED = ['tbody tr:nth-child(n + 9)'];
const OPTIONS: RunOptions = {
  resultTypes: ['violations'],
  runOnly: { type: 'tag', values: TAGS },
  // Axe leaves it out unless it is asked for.
  rules: { 'target-size': { enabled: true } },
};

/** What keeps somebody from using the page as it is now, or that part of it: a line for each rule and place. */
export async function findBarriers(page: Page, part = 'html'): Promise<string[]> {
  // As the browser's tools run what is typed into them: the page's policy is none of theirs, and stays as it is.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  const run = `axe.run(${JSON.stringify({ include: [part], exclude: EXCLUDED })}, ${JSON.stringify(OPTIONS)}).then(({ violations }) => violations)`;
  const violations = await page.evaluate<AxeResults['violations']>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}

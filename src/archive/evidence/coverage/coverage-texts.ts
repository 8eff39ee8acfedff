import { visibleText } from '../../../lib/text/visible-text.ts';
import { shownLine } from '../shown-line.ts';
import type { PackCoverage } from './state-pack-coverage.ts';

/** The coverage of a pack as its index page has it, before all that it holds. */
export function coverageHtml({ complete, statement }: PackCoverage): string {
  const [first = '', ...others] = statement.map(shownLine);
  const list = others.length > 0 ? `<ul>${others.map((line) => `<li>${line}</li>`).join('')}</ul>` : '';
  return `<section class="${complete ? 'complete' : 'gap'}"><h2>Coverage of the span</h2><p><strong>${first}</strong></p>${list}</section>`;
}

/** The same in VERIFY.md. Lines that are set in mean nothing to Markdown, whatever somebody wrote in them. */
export function coverageMarkdown({ statement }: PackCoverage): string {
  return `## Coverage of the span\n\n${statement.map((line) => `    ${visibleText(line)}\n`).join('')}`;
}

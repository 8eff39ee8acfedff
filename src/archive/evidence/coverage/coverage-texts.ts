import { visibleText } from '../../../lib/text/visible-text.ts';
import { shownLine } from '../shown-line.ts';
import type { PackCoverage } from './state-pack-coverage.ts';

/** The coverage of a pack, for the top of its index page. */
export function coverageHtml({ complete, statement }: PackCoverage): string {
  const [first = '', ...others] = statement.map(shownLine);
  const list = others.length > 0 ? `<ul>${others.map((line) => `<li>${line}</li>`).join('')}</ul>` : '';
  return `<section class="${complete ? 'complete' : 'gap'}"><h2>Coverage of the span</h2><p><strong>${first}</strong></p>${list}</section>`;
}

/** The coverage of a pack, for VERIFY.md. Markdown shows indented lines as plain text, whatever is in them. */
export function coverageMarkdown({ statement }: PackCoverage): string {
  return `## Coverage of the span\n\n${statement.map((line) => `    ${visibleText(line)}\n`).join('')}`;
}

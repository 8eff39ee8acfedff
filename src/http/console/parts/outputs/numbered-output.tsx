import { html, raw } from 'hono/html';
import { type PrintedRun, printedRuns } from './printed-runs.ts';

interface Numbered {
  text: string;
  /** The number of the first line. */
  firstLine?: number;
  /** Whether lines can be linked to, as #L12. Only one text of a page can have such anchors. */
  hasAnchors?: boolean;
}

/**
 * An output with the number of each line beside it, in its colours. Numbers are not part of what is copied. The lines
 * are templates instead of JSX, which takes several times as long for thousands of them.
 */
export function NumberedOutput({ text, firstLine = 1, hasAnchors = false }: Numbered) {
  const lines = linesOf(printedRuns(text.replace(/\r?\n$/, ''))).map(
    (runs, n) =>
      html`<span class="line">${hasAnchors ? anchorOf(firstLine + n) : ''}${runs.map(spanOf)}
</span>`,
  );
  return (
    <pre class={hasAnchors ? 'script whole' : 'script'} tabindex={0}>
      {raw(lines.join(''))}
    </pre>
  );
}

/** The number of a line as a link to it. Thousands of links would be in the way of the keyboard, so it is for pointers. */
function anchorOf(line: number) {
  return html`<a id="L${line}" href="#L${line}" tabindex="-1">${line}</a>`;
}

function spanOf({ text, classes, isUnseen }: PrintedRun) {
  const names = isUnseen ? [...classes, 'unseen'] : classes;
  return names.length === 0 ? text : html`<span class="${names.join(' ')}">${text}</span>`;
}

function linesOf(runs: readonly PrintedRun[]): PrintedRun[][] {
  const lines: PrintedRun[][] = [[]];
  for (const run of runs) {
    const [rest = '', ...more] = run.isUnseen ? [run.text] : run.text.split('\n');
    if (rest !== '') lines.at(-1)?.push({ ...run, text: rest });
    for (const text of more) lines.push(text === '' ? [] : [{ ...run, text }]);
  }
  return lines;
}

import type { Child } from 'hono/jsx';
import { decodeOutput } from '../../../../lib/text/decode-output.ts';
import { type PrintedRun, printedRuns } from './printed-runs.ts';

/**
 * A command's output, readable: colours become classes, and invisible characters, such as NUL or marks that reverse
 * text, become visible.
 */
export function OutputText({ text }: { text: string }) {
  const meant = decodeOutput(text);
  const printed = <Printed text={meant} />;
  if (meant === text) return printed;
  return (
    <>
      <p class="quiet">
        Its program wrote UTF-16, which is decoded here. Raw and SQL have the output as the service sent it.
      </p>
      {printed}
    </>
  );
}

function Printed({ text }: { text: string }) {
  return (
    <pre class="output" tabindex={0}>
      {/* HTML drops a line end directly after <pre>. We write an extra one, so that the output keeps its first line end. */}
      {'\n'}
      {printedRuns(text).map(showRun)}
    </pre>
  );
}

/** A part of an output in its colour; invisible characters are marked. */
function showRun({ text, classes, isUnseen }: PrintedRun): Child {
  const names = isUnseen ? [...classes, 'unseen'] : classes;
  return names.length === 0 ? text : <span class={names.join(' ')}>{text}</span>;
}

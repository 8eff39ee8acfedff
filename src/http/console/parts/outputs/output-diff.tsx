import type { Hunk } from '../../../../lib/text/line-diff.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';

/** The unified diff of two different outputs; the first character of each line says which side it belongs to. */
export function OutputDiff({ hunks }: { hunks: readonly Hunk[] }) {
  if (hunks.length === 0)
    return (
      <p class="quiet">
        No line differs: the text is the same in another encoding, or one side is empty and the other has no output.
      </p>
    );
  return (
    <pre class="output" tabindex={0}>
      {hunks.map(({ leftStart, leftLines, rightStart, rightLines, lines }) => (
        <>
          <span class="quiet">{`@@ -${leftStart},${leftLines} +${rightStart},${rightLines} @@\n`}</span>
          {lines.map((line) => {
            const text = `${visibleText(line)}\n`;
            if (line.startsWith('-')) return <del>{text}</del>;
            return line.startsWith('+') ? <ins>{text}</ins> : text;
          })}
        </>
      ))}
    </pre>
  );
}

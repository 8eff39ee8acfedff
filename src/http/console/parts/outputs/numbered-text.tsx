import { visibleText } from '../../../../lib/text/visible-text.ts';

const LAYOUT = /[^\n\t]+/g;

/** A script or another text with the number of each line beside it. Numbers are not part of what is copied. */
export function NumberedText({ text }: { text: string }) {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  return (
    <pre class="script" tabindex={0}>
      {lines.map((line) => (
        <span class="line">{`${line.replaceAll(LAYOUT, visibleText)}\n`}</span>
      ))}
    </pre>
  );
}

import Anser from 'anser';
import { decodeOutput } from '../../../../lib/text/decode-output.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';

const DECORATIONS = ['bold', 'dim', 'italic', 'underline'];
/** Characters that are kept as they are; every other invisible character is shown as an escape. */
const LAYOUT = /[\n\t]/;

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
  const parts = Anser.ansiToJson(text.replaceAll('\r\n', '\n'), { json: true, use_classes: true, remove_empty: true });
  return (
    <pre class="output" tabindex={0}>
      {/* HTML drops a line end directly after <pre>. We write an extra one, so that the output keeps its first line end. */}
      {'\n'}
      {parts.map(({ content, fg, decorations }) => {
        const classes = [...(fg ? [fg] : []), ...decorations.filter((one) => DECORATIONS.includes(one)).map(classOf)];
        const shown = <Visible text={content} />;
        return classes.length === 0 ? shown : <span class={classes.join(' ')}>{shown}</span>;
      })}
    </pre>
  );
}

function classOf(decoration: string): string {
  return `ansi-${decoration}`;
}

function Visible({ text }: { text: string }) {
  const runs: { text: string; isUnseen: boolean }[] = [];
  for (const character of text) {
    const shown = LAYOUT.test(character) ? character : visibleText(character);
    const isUnseen = shown !== character;
    const last = runs.at(-1);
    if (last?.isUnseen === isUnseen) last.text += shown;
    else runs.push({ text: shown, isUnseen });
  }
  return <>{runs.map((run) => (run.isUnseen ? <span class="unseen">{run.text}</span> : run.text))}</>;
}

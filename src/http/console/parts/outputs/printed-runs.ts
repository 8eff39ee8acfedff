import Anser from 'anser';
import { visibleRuns } from '../../../../lib/text/visible-text.ts';

const DECORATIONS = ['bold', 'dim', 'italic', 'underline'];

/** A part of an output, with the classes of its colours. */
export interface PrintedRun {
  text: string;
  classes: readonly string[];
  /** Whether it shows invisible characters as escapes. */
  isUnseen: boolean;
}

/** Returns an output in parts: colours become classes, and invisible characters become visible. */
export function printedRuns(text: string): PrintedRun[] {
  const parts = Anser.ansiToJson(text.replaceAll('\r\n', '\n'), { json: true, use_classes: true, remove_empty: true });
  return parts.flatMap(({ content, fg, decorations }) => {
    const classes = [...(fg ? [fg] : []), ...decorations.filter((one) => DECORATIONS.includes(one)).map(classOf)];
    return visibleRuns(content).map((run) => ({ ...run, classes }));
  });
}

function classOf(decoration: string): string {
  return `ansi-${decoration}`;
}

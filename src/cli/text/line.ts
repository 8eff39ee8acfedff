import { styleText } from 'node:util';
import { visibleText } from '../../lib/text/visible-text.ts';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** A line of what a command says. A line end or an escape within it is shown as one; only the terminal sets parts of it off. */
export type Line = string | StyledLine;

export interface StyledLine {
  readonly parts: readonly { readonly text: string; readonly style?: Style }[];
}

/** A text that is set off where the terminal has colours. */
export function styled(style: Style, line: Line): StyledLine {
  return { parts: [{ text: plain(line), style }] };
}

/** One line of these, one after the other. */
export function joined(...lines: readonly Line[]): StyledLine {
  return { parts: lines.flatMap((line) => (typeof line === 'string' ? [{ text: line }] : line.parts)) };
}

/** What the line says, without how. */
export function plain(line: Line): string {
  return typeof line === 'string' ? line : line.parts.map(({ text }) => text).join('');
}

/** The line without the space that it ends with, but for what is set off. */
export function withoutEnd({ parts }: StyledLine): StyledLine {
  const last = parts.findLastIndex(({ text, style }) => style !== undefined || text.trimEnd() !== '');
  return {
    parts: parts
      .slice(0, last + 1)
      .map((part, i) => (i === last && part.style === undefined ? { text: part.text.trimEnd() } : part)),
  };
}

/** The line as a terminal may have it: nothing in it acts but the styles, where there are colours. */
export function rendered(line: Line, hasColors: boolean): string {
  if (typeof line === 'string') return visibleText(line);
  return line.parts
    .map(({ text, style }) => {
      const seen = visibleText(text);
      // Standard output and standard error may differ: whether there are colours is known of the one that is written to.
      return style && hasColors ? styleText(style, seen, { validateStream: false }) : seen;
    })
    .join('');
}

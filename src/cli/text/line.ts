import { styleText } from 'node:util';
import { visibleText } from '../../lib/text/visible-text.ts';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/**
 * A line that a command writes. Line ends and escapes within it are made visible, so only a style can colour parts of
 * it.
 */
export type Line = string | StyledLine;

export interface StyledLine {
  readonly parts: readonly { readonly text: string; readonly style?: Style }[];
}

/** A text with a style, if the terminal has colours. */
export function styled(style: Style, line: Line): StyledLine {
  return { parts: [{ text: plain(line), style }] };
}

/** Joins these parts into one line. */
export function joined(...lines: readonly Line[]): StyledLine {
  return { parts: lines.flatMap((line) => (typeof line === 'string' ? [{ text: line }] : line.parts)) };
}

/** The text of the line, without styles. */
export function plain(line: Line): string {
  return typeof line === 'string' ? line : line.parts.map(({ text }) => text).join('');
}

/** The line without trailing space, except space that has a style. */
export function withoutEnd({ parts }: StyledLine): StyledLine {
  const last = parts.findLastIndex(({ text, style }) => style !== undefined || text.trimEnd() !== '');
  return {
    parts: parts
      .slice(0, last + 1)
      .map((part, i) => (i === last && part.style === undefined ? { text: part.text.trimEnd() } : part)),
  };
}

/**
 * The line in a form that is safe for a terminal: only its styles act on the terminal, and they are left out if the
 * terminal has no colours.
 */
export function rendered(line: Line, hasColors: boolean): string {
  if (typeof line === 'string') return visibleText(line);
  return line.parts
    .map(({ text, style }) => {
      const seen = visibleText(text);
      // `hasColors` is about the stream that the line goes to, because only one of the two streams may have colours.
      return style && hasColors ? styleText(style, seen, { validateStream: false }) : seen;
    })
    .join('');
}

import { textWidth } from './text-width.ts';

const graphemes = new Intl.Segmenter();

/**
 * This text comes before each line that continues another line, so that foreign text can't look like one of
 * ssm-archive's own lines.
 */
const GOES_ON = '│ ';

/**
 * Breaks a text into lines of at most `width` columns, between words if possible. The text must have no control
 * characters.
 */
export function wrapText(text: string, width: number): string[] {
  if (textWidth(text) <= width) return [text];
  const [first = '', ...others] = brokenAt(text, Math.max(1, width - GOES_ON.length));
  return [first, ...others.map((line) => GOES_ON + line)];
}

function brokenAt(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const next = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const [word] of text.matchAll(/\S+\s*|\s+/g)) {
    const needed = textWidth(word.trimEnd());
    if (used > 0 && used + needed > room) next();
    // A word that is longer than a line begins on the current line, and is broken where the line ends.
    for (const piece of needed > room ? piecesOf(word, room) : [word]) {
      if (used > 0 && used + textWidth(piece.trimEnd()) > room) next();
      line += piece;
      used += textWidth(piece);
    }
  }
  if (line.trimEnd() !== '' || lines.length === 0) next();
  return lines;
}

function* piecesOf(word: string, room: number): Generator<string> {
  let piece = '';
  let used = 0;
  for (const { segment } of graphemes.segment(word)) {
    const wide = textWidth(segment);
    if (used + wide > room) {
      yield piece;
      piece = '';
      used = 0;
    }
    piece += segment;
    used += wide;
  }
  if (piece !== '') yield piece;
}

import { textWidth } from './text-width.ts';

const graphemes = new Intl.Segmenter();

/** The beginning of a line that continues a text: so no text can pass for a line of ours. */
const GOES_ON = '│ ';

/** The text in lines of at most `width` columns, broken between words where that can be. It must have no controls. */
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
    // A word longer than a line begins on this one, and is broken wherever the line ends.
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

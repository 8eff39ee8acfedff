import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();
/**
 * At most this many UTF-16 units are measured for each column, because a single character may have thousands of marks.
 */
const UNITS_PER_COLUMN = 16;

/**
 * Columns that the text takes on a terminal: two for a wide character or an emoji. The text must have no control
 * characters.
 */
export function textWidth(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** The text in at most `width` columns. If it was cut, it ends with a mark. */
export function fitText(text: string, width: number): string {
  const near = text.slice(0, width * UNITS_PER_COLUMN);
  if (near.length === text.length && textWidth(text) <= width) return text;
  let cut = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(near)) {
    columns += textWidth(segment);
    if (columns > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

import { looksLikeAValue } from './looks-like-a-value.ts';

/** The most that a cell of Excel holds: Excel silently drops the rest of a longer one, or puts it into another cell. */
export const MOST_IN_CELL = 32_767;
/** The most that Excel takes as one text within a formula. */
const MOST_IN_FORMULA = 255;
/** Controls but tab and line end, CR alone included. A cell's lines end with LF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const HAS_CONTROLS = new RegExp(CONTROLS.source);
const PICTURES = 0x2400;
const DELETE = 0x7f;
const PICTURE_OF_DELETE = '\u2421';

/**
 * What a spreadsheet is to be given for a text, so that it shows the text: one that it would take for a number or a date as a formula whose
 * result is that text, controls as their pictures, and what Excel has no room for cut, which is said. `guarded` takes care of formulas.
 */
export function spreadsheetText(text: string, guarded: (text: string) => string): string {
  if (looksLikeAValue(text)) return text.length <= MOST_IN_FORMULA ? `="${text}"` : cut(`'${text}`);
  const shown = HAS_CONTROLS.test(text) ? text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, pictureOf) : text;
  return cut(guarded(shown));
}

/** Controls of C1 have no pictures: they are written as escapes. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(PICTURES + code);
  return code === DELETE ? PICTURE_OF_DELETE : `\\x${code.toString(16)}`;
}

function cut(text: string): string {
  if (text.length <= MOST_IN_CELL) return text;
  const all = text.length.toLocaleString('en-US');
  const markOf = (kept: number) =>
    `\n[Cut here: these are ${kept.toLocaleString('en-US')} of ${all} characters, as many as a cell holds. The exact CSV has all.]`;
  let kept = MOST_IN_CELL - markOf(MOST_IN_CELL).length;
  // Never cuts between the two halves of a character.
  if (/[\ud800-\udbff]/.test(text.charAt(kept - 1))) kept -= 1;
  return text.slice(0, kept) + markOf(kept);
}

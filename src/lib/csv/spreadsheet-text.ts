import { looksLikeAValue } from './looks-like-a-value.ts';

/**
 * The most characters that an Excel cell can have. Excel drops the rest of a longer text without a warning, or puts it
 * into another cell.
 */
export const MOST_IN_CELL = 32_767;
/** The longest text that Excel accepts in a formula. */
const MOST_IN_FORMULA = 255;
/** Control characters except tab and LF: within a cell, LF ends a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is searched for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const HAS_CONTROLS = new RegExp(CONTROLS.source);
const PICTURES = 0x2400;
const DELETE = 0x7f;
const PICTURE_OF_DELETE = '\u2421';

/**
 * Returns what to write so that a spreadsheet shows the text unchanged. A text that a spreadsheet would read as a
 * number or a date becomes a formula whose result is that text. Control characters become the symbols that Unicode has
 * for them. A text that is too long for Excel is cut, with a sentence at its end that says so. `guarded` protects all
 * other texts from being run as formulas.
 */
export function spreadsheetText(text: string, guarded: (text: string) => string): string {
  if (looksLikeAValue(text)) return text.length <= MOST_IN_FORMULA ? `="${text}"` : cut(`'${text}`);
  const shown = HAS_CONTROLS.test(text) ? text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, pictureOf) : text;
  return cut(guarded(shown));
}

/** Unicode has no symbols for C1 controls, so these become escapes. */
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
  // A cut between the two halves of a surrogate pair would break the character.
  if (/[\ud800-\udbff]/.test(text.charAt(kept - 1))) kept -= 1;
  return text.slice(0, kept) + markOf(kept);
}

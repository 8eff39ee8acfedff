/**
 * Digits of any script, the characters found in numbers, dates, times, amounts and percentages, and the e of 1e5, on
 * one line.
 */
const NUMERIC = /^[\p{Nd}\p{Sc} \u00a0\u202f.,:/'’%()+\-eE]*$/u;
const DIGIT = /\p{Nd}/u;
/** One word among digits and signs, which am or pm may follow: `1 Mar 2026`, `SEPT2`, `3 pm`. */
const WITH_WORD = /^[\p{Nd} \u00a0.,:/'’-]*(\p{L}{1,10})[\p{Nd} \u00a0.,:/'’-]*(?:[ap]m?)?$/iu;
const HALF_OF_DAY = /^[ap]m?$/i;
/**
 * Words that spreadsheets know, in widely spoken languages. Spreadsheets also accept the first three or more letters of
 * a month.
 */
const TRUTHS = new Set('true false wahr falsch vrai faux verdadero falso vero verdadeiro waar onwaar'.split(' '));
const MONTHS = [
  'january february march april may june july august september october november december sept',
  'januar jänner februar märz mai juni juli oktober dezember mrz',
  'janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre',
  'janeiro fevereiro março abril maio junho julho setembro outubro novembro dezembro',
  'januari februari maart mrt mei augustus',
].flatMap((names) => names.split(' '));
/** Errors of spreadsheets: `#N/A`, `#DIV/0!`, `#NAME?`. */
const FAULT = /^#[A-Z][A-Z0-9/]*[!?]?$/i;
/** Numbers, dates and month names that people write are not longer than this, except long rows of digits. */
const MOST_WITH_WORD = 40;

/**
 * Whether a spreadsheet, in any language, may read a text as a number, date, time, truth value or error. Then it would
 * show and store something else: 12345678901 for 012345678901, 1.00E+05 for 1e5, 1 March for 2026-03. In doubt, the
 * result is true.
 */
export function looksLikeAValue(text: string): boolean {
  if (NUMERIC.test(text)) return DIGIT.test(text);
  if (text.length > MOST_WITH_WORD) return false;
  if (!DIGIT.test(text)) return text.startsWith('#') ? FAULT.test(text) : TRUTHS.has(text.toLowerCase());
  const [, word] = WITH_WORD.exec(text) ?? [];
  if (word === undefined) return FAULT.test(text);
  const lower = word.toLowerCase();
  return HALF_OF_DAY.test(word) || (word.length >= 3 && MONTHS.some((month) => month.startsWith(lower)));
}

export type SqlTokenKind =
  | 'space'
  | 'comment'
  /** A keyword or a bare identifier. */
  | 'word'
  /** An identifier in `"…"`, `` `…` `` or `[…]`. */
  | 'quoted'
  | 'string'
  | 'number'
  | 'blob'
  /** `?`, `?1`, `:name`, `@name`, `$name`, and `#name`, which SQLite accepts although its docs do not mention it. */
  | 'parameter'
  /** An operator or punctuation. */
  | 'operator'
  /** A piece that SQLite refuses anywhere: a quote that is not closed, a stray character, everything from a NUL on. */
  | 'illegal';

/** A piece of SQL as it was written. `start` and `end` are UTF-16 units from 0; `end` is exclusive. */
export interface SqlToken {
  kind: SqlTokenKind;
  text: string;
  start: number;
  end: number;
}

const SPACE = 1;
const DIGIT = 2;
const HEX_DIGIT = 4;
/** Matches a character that may be inside an identifier. All characters beyond ASCII may. */
const IDENTIFIER = 8;
/** Matches a character that may begin an identifier. */
const FIRST = 16;

const CLASSES = new Uint8Array(128);
function classify(characters: string, flags: number): void {
  for (const character of characters)
    CLASSES[character.charCodeAt(0)] = (CLASSES[character.charCodeAt(0)] ?? 0) | flags;
}
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
classify(' \t\n\v\f\r', SPACE);
classify('0123456789', DIGIT | HEX_DIGIT | IDENTIFIER);
classify('abcdefABCDEF', HEX_DIGIT);
classify(`${LETTERS}${LETTERS.toUpperCase()}_`, IDENTIFIER | FIRST);
classify('$', IDENTIFIER);

const LONG_OPERATORS = new Set(['->', '==', '<=', '<>', '<<', '>=', '>>', '!=', '||']);
const OPERATORS = '-()+;*/%=<>|,&~.';
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Yields the tokens of any text exactly as the tokenizer of SQLite 3.53 cuts it (with OMIT_TCL_VARIABLE, as the driver
 * is built). Joined, the tokens are the text again. They come one at a time and in linear time, so a hostile text of
 * megabytes costs little.
 */
export function* sqlTokens(sql: string): Generator<SqlToken, void, undefined> {
  const nul = sql.indexOf('\0');
  const source = nul < 0 ? sql : sql.slice(0, nul);
  let start = 0;
  while (start < source.length) {
    const [kind, end] = tokenAt(source, start);
    yield { kind, text: source.slice(start, end), start, end };
    start = end;
  }
  if (nul >= 0) yield { kind: 'illegal', text: sql.slice(nul), start: nul, end: sql.length };
}

function tokenAt(sql: string, start: number): [kind: SqlTokenKind, end: number] {
  const first = sql.charAt(start);
  const two = sql.slice(start, start + 2);
  if (first === BYTE_ORDER_MARK) return ['space', start + 1];
  // SQLite accepts a vertical tab inside white space, but not at its beginning.
  if (first !== '\v' && is(sql, start, SPACE)) return ['space', pass(sql, start, SPACE)];
  if (two === '--') return ['comment', before(sql, '\n', start + 2)];
  // If the text ends with "/*", these two characters are two operators.
  if (two === '/*' && start + 2 < sql.length) return ['comment', after(sql, '*/', start + 2)];
  if (first === "'" || first === '"' || first === '`') {
    const end = afterQuoted(sql, first, start + 1);
    return end === undefined ? ['illegal', sql.length] : [first === "'" ? 'string' : 'quoted', end];
  }
  if (first === '[') return sql.indexOf(']', start) < 0 ? ['illegal', sql.length] : ['quoted', after(sql, ']', start)];
  if (is(sql, start, DIGIT) || (first === '.' && is(sql, start + 1, DIGIT))) return numberAt(sql, start);
  if (first === '?') return ['parameter', pass(sql, start + 1, DIGIT)];
  if (first === ':' || first === '@' || first === '$' || first === '#') {
    const end = pass(sql, start + 1, IDENTIFIER);
    // "#1" is a register of SQLite's own parser, and refused in other SQL; "#a" is a parameter.
    const isRegister = first === '#' && is(sql, start + 1, DIGIT);
    return [end > start + 1 && !isRegister ? 'parameter' : 'illegal', end];
  }
  if (two === "x'" || two === "X'") return blobAt(sql, start);
  if (is(sql, start, FIRST)) return ['word', pass(sql, start, IDENTIFIER)];
  if (sql.startsWith('->>', start)) return ['operator', start + 3];
  if (LONG_OPERATORS.has(two)) return ['operator', start + 2];
  return [OPERATORS.includes(first) ? 'operator' : 'illegal', start + 1];
}

function numberAt(sql: string, start: number): [kind: SqlTokenKind, end: number] {
  const isHex = /^0x$/i.test(sql.slice(start, start + 2)) && is(sql, start + 2, HEX_DIGIT);
  let end = isHex ? passDigits(sql, start + 2, HEX_DIGIT) : passDigits(sql, start, DIGIT);
  if (!isHex && sql.charAt(end) === '.') end = passDigits(sql, end + 1, DIGIT);
  const exponent = isHex ? null : /^e[+-]?(?=\d)/i.exec(sql.slice(end, end + 3));
  if (exponent) end = passDigits(sql, end + exponent[0].length, DIGIT);
  const last = pass(sql, end, IDENTIFIER);
  const isStray = isHex ? /(?<![\da-f])_|_(?![\da-f])/i : /(?<!\d)_|_(?!\d)/;
  return [last > end || isStray.test(sql.slice(start, end)) ? 'illegal' : 'number', last];
}

function blobAt(sql: string, start: number): [kind: SqlTokenKind, end: number] {
  const end = pass(sql, start + 2, HEX_DIGIT);
  if (sql.charAt(end) === "'" && (end - start) % 2 === 0) return ['blob', end + 1];
  return ['illegal', after(sql, "'", end)];
}

/** Returns the place after the closing quote; a doubled quote is part of the text. Undefined if no quote closes it. */
function afterQuoted(sql: string, quote: string, from: number): number | undefined {
  for (let at = from; ; at += 2) {
    at = sql.indexOf(quote, at);
    if (at < 0) return undefined;
    if (sql.charAt(at + 1) !== quote) return at + 1;
  }
}

function is(sql: string, at: number, flag: number): boolean {
  const code = sql.charCodeAt(at);
  // After the end of the text, the code is NaN, for which both comparisons are false.
  return code < 128 ? ((CLASSES[code] ?? 0) & flag) !== 0 : code >= 128 && (flag === IDENTIFIER || flag === FIRST);
}

function pass(sql: string, from: number, flag: number): number {
  let at = from;
  while (is(sql, at, flag)) at += 1;
  return at;
}

/** Skips digits, and underscores anywhere among them. */
function passDigits(sql: string, from: number, flag: number): number {
  let at = from;
  while (is(sql, at, flag) || sql.charAt(at) === '_') at += 1;
  return at;
}

function before(sql: string, what: string, from: number): number {
  const at = sql.indexOf(what, from);
  return at < 0 ? sql.length : at;
}

function after(sql: string, what: string, from: number): number {
  const at = sql.indexOf(what, from);
  return at < 0 ? sql.length : at + what.length;
}

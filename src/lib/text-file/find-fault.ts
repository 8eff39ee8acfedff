import { isUtf8 } from 'node:buffer';

const LINE_END = 0x0a;
const SAVE = 'Save it as UTF-8.';
const KINDS: readonly [what: string, start: readonly number[]][] = [
  ['compressed by gzip', [0x1f, 0x8b]],
  ['a zip archive, or a document in that format', [0x50, 0x4b, 0x03, 0x04]],
  ['an SQLite database', [...Buffer.from('SQLite format 3\0')]],
  ['a PDF', [...Buffer.from('%PDF-')]],
];

/**
 * Returns why bytes are not text: the first wrong byte, its line, and what may have written it. Worded to come after
 * the file's name in a sentence.
 */
export function findFault(bytes: Uint8Array): string {
  const kind = KINDS.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  if (kind) return `is not text: it is ${kind[0]}.`;
  const at = isUtf8(bytes) ? bytes.indexOf(0) : firstFault(bytes);
  const [line, byte = 0] = [lineOf(bytes, at), bytes[at]];
  if (byte === 0)
    return `is not text: line ${line} has a NUL. If ">>" in Windows PowerShell 5 added to it, its first part is UTF-8 and the rest is UTF-16. ${SAVE}`;
  const ansi = new TextDecoder('windows-1252').decode(Uint8Array.of(byte));
  const asAnsi =
    byte >= 0x20 && /[\p{L}\p{P}\p{S}]/u.test(ansi)
      ? `, which is ${JSON.stringify(ansi)} in Windows-1252 ("ANSI")`
      : '';
  return `is not text in UTF-8 or UTF-16: line ${line} has the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')}${asAnsi}. ${SAVE}`;
}

/**
 * Returns the index of the first byte that is not UTF-8. All bytes before it can be decoded, and no longer part can. So
 * a binary search finds the longest part that can be decoded.
 */
function firstFault(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isStartOfUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return startOfCharacter(bytes, bad - 1);
}

function isStartOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * If the byte at `at` breaks a character that began earlier, returns the index of that character's first byte;
 * otherwise `at`.
 */
function startOfCharacter(bytes: Uint8Array, at: number): number {
  for (let before = 1; before <= 3; before++) {
    const byte = bytes[at - before] ?? 0;
    if (byte >= 0x80 && byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return length > before ? at - before : at;
  }
  return at;
}

function lineOf(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = bytes.indexOf(LINE_END); i >= 0 && i < at; i = bytes.indexOf(LINE_END, i + 1)) line += 1;
  return line;
}

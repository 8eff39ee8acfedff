import { isUtf8 } from 'node:buffer';
import { findFault } from './find-fault.ts';
import { TextUnreadable } from './text-unreadable.ts';
import { type Utf16, utf16Order } from './utf16-order.ts';

const UTF8_MARK = [0xef, 0xbb, 0xbf];
/** The byte order marks of UTF-32 come first, because one of them begins with a mark of UTF-16. */
const MARKS: readonly [encoding: Utf16 | 'utf-32le' | 'utf-32be', mark: readonly number[]][] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
/** DOS ended texts with Ctrl-Z, and the command `copy a+b` still does. */
const CTRL_Z = '\x1a';

/**
 * Returns the text of a file that a person made on any system: UTF-8 with or without a byte order mark, UTF-16 with a
 * mark or recognized by its NULs, or UTF-32 with a mark. Line ends become LF. The mark and a final Ctrl-Z are removed.
 * Throws TextUnreadable for anything else: after a wrong guess, the text would differ from what its author sees.
 */
export function decodeText(bytes: Uint8Array): string {
  let text = decoded(bytes);
  while (text.endsWith(CTRL_Z)) text = text.slice(0, -1);
  if (text.includes('\0')) throw new TextUnreadable(findFault(bytes));
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
}

function decoded(bytes: Uint8Array): string {
  const marked = MARKS.find(([, mark]) => begins(bytes, mark));
  if (marked) {
    const [encoding, { length }] = marked;
    const rest = bytes.subarray(length);
    return encoding === 'utf-16le' || encoding === 'utf-16be' ? pairs(rest, encoding) : fours(rest, encoding);
  }
  const unmarked = begins(bytes, UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes;
  const order = unmarked.includes(0) ? utf16Order(unmarked, false) : undefined;
  if (order !== undefined) return pairs(unmarked, order);
  if (!isUtf8(unmarked)) throw new TextUnreadable(findFault(bytes));
  return Buffer.from(unmarked.buffer, unmarked.byteOffset, unmarked.length).toString('utf8');
}

function pairs(bytes: Uint8Array, encoding: Utf16): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TextUnreadable('is incomplete UTF-16: half a character is missing. Take another copy of it.');
  }
}

/** Every character of UTF-32 has four bytes, so the number of bytes must be a multiple of four. */
function fours(bytes: Uint8Array, encoding: 'utf-32le' | 'utf-32be'): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    let text = '';
    for (let at = 0; at < bytes.length; at += 4)
      text += String.fromCodePoint(view.getUint32(at, encoding === 'utf-32le'));
    return text;
  } catch {
    throw new TextUnreadable('is incomplete UTF-32. Take another copy of it.');
  }
}

function begins(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}

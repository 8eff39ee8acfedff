import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/lib/text-file/decode-text.ts';
import { TextUnreadable } from '../../../src/lib/text-file/text-unreadable.ts';
import { AS_WINDOWS_WRITES } from './as-windows-writes.ts';

const TEXT = 'one line\nand Überprüfung, \u2603 and \u{1f600}\n';

function faultOf(bytes: Uint8Array): string {
  try {
    decodeText(bytes);
  } catch (error) {
    if (error instanceof TextUnreadable) return error.message;
    throw error;
  }
  throw new Error('It was read as text.');
}

const ansi = (text: string) => Buffer.from(text, 'latin1');

describe('the text of a file', () => {
  it.each(AS_WINDOWS_WRITES)('is the same in every form that Windows writes: %s', (_how, bytesOf) => {
    expect(decodeText(bytesOf(TEXT))).toBe(TEXT);
  });

  it('is empty if the file is empty, with or without a byte order mark', () => {
    for (const bytes of ['', '\ufeff', '\x1a']) expect(decodeText(Buffer.from(bytes))).toBe('');
    expect(decodeText(Buffer.from('\ufeff', 'utf16le'))).toBe('');
  });

  it('is the same if the bytes are a part of a larger buffer', () => {
    for (const [, bytesOf] of AS_WINDOWS_WRITES) {
      const whole = Buffer.concat([Buffer.from('x'), bytesOf(TEXT), Buffer.from('y')]);
      expect(decodeText(whole.subarray(1, -1))).toBe(TEXT);
    }
  });
});

describe('a file that is not text', () => {
  it.each([
    ['ü before a letter', ansi('SELECT 1\n-- \xfcber\n'), 2, '0xFC', 'ü'],
    ['é before a letter, with which UTF-8 could begin a character', ansi('a\nb\nd\xe9j\xe0'), 3, '0xE9', 'é'],
    ['a quotation mark', ansi('x = \x93a\x94'), 1, '0x93', '\u201c'],
    [
      'the first wrong character after correct ones',
      Buffer.concat([Buffer.from('ü é\n'), ansi('\xfc')]),
      2,
      '0xFC',
      'ü',
    ],
  ])('is reported with its line and its Windows-1252 character: %s', (_what, bytes, line, byte, character) => {
    expect(faultOf(bytes)).toBe(
      `is not text in UTF-8 or UTF-16: line ${line} has the byte ${byte}, which is "${character}" in Windows-1252 ("ANSI"). Save it as UTF-8.`,
    );
  });

  it('is reported with the byte of an incomplete UTF-8 character', () => {
    expect(faultOf(Buffer.from('é').subarray(0, 1))).toContain('line 1 has the byte 0xC3');
  });

  it('is reported if it continues in another encoding, as after >> in Windows PowerShell 5', () => {
    const both = Buffer.concat([Buffer.from('first line\r\n'), Buffer.from('second\r\n', 'utf16le')]);
    expect(faultOf(both)).toContain('line 2 has a NUL');
    expect(faultOf(both)).toContain('">>" in Windows PowerShell 5');
  });

  it.each([
    ['compressed by gzip', gzipSync('text')],
    ['a zip archive, or a document in that format', Buffer.from('PK\x03\x04\x14\0\0\0')],
    ['an SQLite database', Buffer.from('SQLite format 3\0rest')],
  ])('is reported with the kind of the file: %s', (what, bytes) => {
    expect(faultOf(bytes)).toBe(`is not text: it is ${what}.`);
  });

  it('is reported if it is UTF-16 with half a character', () => {
    const text = Buffer.from(`\ufeff${TEXT}`, 'utf16le');
    expect(faultOf(text.subarray(0, -1))).toContain('is incomplete UTF-16');
  });
});

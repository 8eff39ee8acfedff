import { expect, it } from 'vitest';
import { readBeginning } from '../../../src/archive/outputs/read-beginning.ts';
import { sha256 } from '../../../src/lib/sha256.ts';
import { textOfBytes } from '../../../src/model/outputs/output-encoding.ts';
import { tempArchive } from '../../db/temp-archive.ts';

/** Stores bytes as the text of an output, and returns the first of them. */
function beginningOf(bytes: Buffer, most: number): Buffer | undefined {
  const { sqlite } = tempArchive();
  const { encoding, text } = textOfBytes(bytes);
  const { lastInsertRowid } = sqlite
    .prepare('INSERT INTO outputs (sha256, text, size_bytes) VALUES (?, ?, ?)')
    .run(sha256(text), text, Buffer.byteLength(text));
  return readBeginning(sqlite, { outputId: Number(lastInsertRowid), encoding }, most);
}

it.each([
  ['nothing', Buffer.alloc(0)],
  ['NULs', Buffer.from('a\0b\0\0c')],
  ['characters of four bytes', Buffer.from('😀'.repeat(50))],
  ['UTF-16', Buffer.from('\ufeffZugriff verweigert\r\n', 'utf16le')],
  ['bytes of no encoding', Buffer.from([0x46, 0xfc, 0xff, 0x00, 0xfe])],
])('the beginning of an output is its own first bytes, as many as were asked for or all there are: %s', (_, bytes) => {
  for (const most of [1, 8, 1000]) {
    const beginning = beginningOf(bytes, most);
    expect(beginning?.equals(bytes.subarray(0, beginning.length))).toBe(true);
    expect(beginning?.length).toBeGreaterThanOrEqual(Math.min(most, bytes.length));
  }
});

it('a text that was pruned has no beginning', () => {
  const { sqlite } = tempArchive();
  expect(readBeginning(sqlite, { outputId: null, encoding: 'utf-8' }, 10)).toBeUndefined();
  expect(readBeginning(sqlite, { outputId: 99, encoding: 'utf-8' }, 10)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { readOutputBytes } from '../../../src/archive/outputs/read-output-bytes.ts';
import {
  MOST_PART_BYTES,
  MOST_PART_LINES,
  type OutputPart,
  type PartStart,
  readOutputPart,
} from '../../../src/archive/outputs/read-output-part.ts';
import { sha256 } from '../../../src/lib/sha256.ts';
import { tempArchive } from '../../db/temp-archive.ts';

function keep(text: string) {
  const { sqlite } = tempArchive();
  const sizeBytes = Buffer.byteLength(text);
  const { lastInsertRowid } = sqlite
    .prepare('INSERT INTO outputs (sha256, text, size_bytes) VALUES (?, ?, ?)')
    .run(sha256(text), text, sizeBytes);
  return { sqlite, outputId: Number(lastInsertRowid), sizeBytes };
}

function partOf(kept: ReturnType<typeof keep>, start: PartStart): OutputPart {
  const part = readOutputPart(kept.sqlite, { ...kept, start });
  if (!part || !('text' in part)) throw new Error(`There is no such part: ${JSON.stringify(part)}`);
  return part;
}

/** All parts, one after another. */
function walk(kept: ReturnType<typeof keep>): OutputPart[] {
  const parts = [partOf(kept, { from: 0 })];
  for (let last = parts[0]; last && last.to < last.totalBytes; last = parts.at(-1))
    parts.push(partOf(kept, { from: last.to }));
  return parts;
}

const emoji = '😀'.repeat(400_000);
const TEXTS: Record<string, string> = {
  'many short lines': '\n'.repeat(23_456),
  'lines of all lengths': Array.from({ length: 3000 }, (_, n) => 'ä'.repeat((n * 7919) % 900)).join('\n'),
  'one line of 1.6 MB in characters of four bytes': `x${emoji}`,
  'a long line between short ones': `first\n${emoji}\nlast`,
  'NULs, and no line end at the end': 'a\0b\n\0\n\0\0c',
  'line ends of Windows': 'one\r\ntwo\r\n'.repeat(20_000),
};

describe('the parts of an output', () => {
  it.each(Object.entries(TEXTS))('are together exactly the text, each within the bounds: %s', (_name, text) => {
    const kept = keep(text);
    const parts = walk(kept);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    const lines = text.split('\n');
    for (const part of parts) {
      expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(MOST_PART_BYTES);
      expect(part.text.split('\n').length - 1).toBeLessThanOrEqual(MOST_PART_LINES);
      const before = Buffer.from(text).toString('utf8', 0, part.from);
      expect(part.firstLine).toBe(before.split('\n').length);
      expect(part.isContinued).toBe(before !== '' && !before.endsWith('\n'));
      expect(part.totalLines).toBe(text.endsWith('\n') ? lines.length - 1 : lines.length);
    }
  });

  it.each(Object.entries(TEXTS))('lead back to the beginning, and to the end, without a gap: %s', (_name, text) => {
    const kept = keep(`${text}.`);
    for (let part = partOf(kept, { from: kept.sizeBytes - 1 }); part.previous !== undefined; ) {
      const before = partOf(kept, { from: part.previous });
      expect(before.from).toBeLessThan(part.from);
      expect(before.to).toBeGreaterThanOrEqual(part.from);
      part = before;
    }
    const first = partOf(kept, { from: 0 });
    expect(partOf(kept, { from: first.last }).to).toBe(kept.sizeBytes);
  });

  it('begin at the line that was asked for', () => {
    const kept = keep('one\ntwo\nthree');
    expect(partOf(kept, { line: 2 })).toMatchObject({ text: 'two\nthree', firstLine: 2, isContinued: false, from: 4 });
    expect(partOf(kept, { line: 3 })).toMatchObject({ text: 'three', firstLine: 3, totalLines: 3 });
    expect(readOutputPart(kept.sqlite, { ...kept, start: { line: 4 } })).toEqual({ totalLines: 3 });
    expect(readOutputPart(kept.sqlite, { ...kept, start: { from: 13 } })).toEqual({ totalLines: 3 });
  });

  it('never begin within a character', () => {
    expect(partOf(keep('a😀b'), { from: 3 })).toMatchObject({ text: '😀b', from: 1, isContinued: true });
  });

  it('are one part without lines if the output is empty, and none if it was pruned', () => {
    expect(partOf(keep(''), { from: 0 })).toMatchObject({ text: '', totalBytes: 0, totalLines: 0 });
    expect(readOutputPart(keep('').sqlite, { outputId: 999_999, sizeBytes: 1, start: { from: 0 } })).toBeNull();
  });
});

it('pieces of a text are its bytes, over NULs and within characters', () => {
  const text = 'a\0b😀\u00e4\0';
  const { sqlite, outputId, sizeBytes } = keep(text);
  const pieces = Array.from({ length: sizeBytes }, (_, from) => readOutputBytes(sqlite, outputId, { from, most: 1 }));
  expect(Buffer.concat(pieces.map((piece) => piece ?? Buffer.alloc(0))).toString()).toBe(text);
  expect(readOutputBytes(sqlite, outputId, { from: sizeBytes, most: 9 })).toHaveLength(0);
});

import { describe, expect, it } from 'vitest';
import { bytesOfText, textOfBytes, withoutHalfCharacter } from '../../../src/model/outputs/output-encoding.ts';

const BYTES: readonly [what: string, bytes: Buffer, encoding: string][] = [
  ['nothing', Buffer.alloc(0), 'utf-8'],
  ['UTF-8 of all planes', Buffer.from('é 漢 😀\r\n'), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from('\ufeffdone\n'), 'utf-8'],
  ['NULs', Buffer.from('a\0\0b'), 'utf-8'],
  ['UTF-16 with a mark', Buffer.from('\ufeffgrößer\n', 'utf16le'), 'utf-16le'],
  ['UTF-16 of the other order', Buffer.from('\ufeffgrößer\n', 'utf16le').swap16(), 'utf-16be'],
  ['UTF-16 without a mark', Buffer.from('Prüfung beendet, alles größer\r\n', 'utf16le'), 'utf-16le'],
  ['half a surrogate pair in UTF-16', Buffer.from('\ufeffhalf \ud83d of it', 'utf16le'), 'latin1'],
  ['a code page', Buffer.from([0x47, 0x72, 0x94, 0xe1, 0x65]), 'latin1'],
  ['each byte', Buffer.from(Array.from({ length: 256 }, (_, n) => n)), 'latin1'],
];

describe('the text of fetched bytes', () => {
  it.each(BYTES)('gives back exactly the bytes of %s', (_, bytes, encoding) => {
    const decoded = textOfBytes(bytes);
    expect(decoded.encoding).toBe(encoding);
    expect(bytesOfText(decoded.text, decoded.encoding)).toEqual(bytes);
  });

  it('leaves the ASCII of a code page readable', () => {
    expect(textOfBytes(Buffer.from([0x94, ...Buffer.from('no space left')])).text).toContain('no space left');
  });

  it('does not end in half a character if the bytes were cut there', () => {
    const text = Buffer.from('abc😀');
    for (const cut of [1, 2, 3]) expect(withoutHalfCharacter(text.subarray(0, -cut))).toEqual(Buffer.from('abc'));
    expect(withoutHalfCharacter(text)).toEqual(text);
    const wide = Buffer.from('\ufeffabcü😀', 'utf16le');
    for (const cut of [1, 2, 3])
      expect(withoutHalfCharacter(wide.subarray(0, -cut)).toString('utf16le')).toBe('\ufeffabcü');
    const binary = Buffer.from([1, 2, 0xff, 0xfe, 0xc0]);
    expect(withoutHalfCharacter(binary)).toEqual(binary);
  });
});

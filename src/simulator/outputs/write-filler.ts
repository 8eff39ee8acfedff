import { mix } from '../draw.ts';

/** How the long part of an output is made. `oneLine` has no line break at all, and `utf16` is UTF-16LE with a BOM. */
export type FillerKind = 'lines' | 'ansi' | 'nul' | 'unicode' | 'oneLine' | 'utf16';

/** A text of exactly this many bytes, which its key decides. */
export interface Filler {
  readonly kind: FillerKind;
  readonly bytes: number;
  readonly key: number;
}

const LINES: Readonly<Record<FillerKind, (number: string, word: string) => string>> = {
  lines: (number, word) => `${number} request ${word} done in 12 ms\n`,
  ansi: (number, word) => `\u001b[32m${number}\u001b[0m \u001b[1;31m${word}\u001b[0m\r\n`,
  nul: (number, word) => `${number}\u0000${word}\u0000\n`,
  unicode: (number, word) => `${number} 日本語 déployé 🚀 ${word}\n`,
  oneLine: (number, word) => `${number}:${word};`,
  utf16: (number, word) => `${number} Überprüfung ${word}\r\n`,
};

/**
 * Returns a filler, or only its first bytes if `most` is less. No two of its lines are the same, so that a reader who
 * loses, repeats or swaps a part of it is found out.
 */
export function writeFiller({ kind, bytes, key }: Filler, most = bytes): Buffer {
  const encoding = kind === 'utf16' ? 'utf16le' : 'utf8';
  const buffer = Buffer.alloc(Math.min(bytes, most), '.', encoding);
  let at = kind === 'utf16' ? buffer.write('\ufeff', 0, encoding) : 0;
  for (let line = 1; at < buffer.length; line++) {
    const text = LINES[kind](String(line).padStart(8, '0'), mix(key, line).toString(16));
    // A character that does not fit is left out, and what is left at the end stays full of dots.
    const written = buffer.write(text, at, encoding);
    at += written;
    if (written < Buffer.byteLength(text, encoding)) break;
  }
  return buffer;
}

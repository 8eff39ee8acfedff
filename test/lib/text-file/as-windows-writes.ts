/** The bytes that Windows shells and editors write to a file for a text with LF line ends. */
export const AS_WINDOWS_WRITES: readonly [how: string, bytesOf: (text: string) => Buffer][] = [
  ['UTF-8 without a byte order mark', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark (Out-File -Encoding utf8)', (text) => Buffer.from(`\ufeff${crlf(text)}`)],
  ['UTF-16 with a byte order mark (> of PowerShell 5)', (text) => Buffer.from(`\ufeff${crlf(text)}`, 'utf16le')],
  ['big-endian UTF-16 with a byte order mark', (text) => Buffer.from(`\ufeff${crlf(text)}`, 'utf16le').swap16()],
  ['UTF-16 without a byte order mark', (text) => Buffer.from(crlf(text), 'utf16le')],
  ['big-endian UTF-16 without a byte order mark', (text) => Buffer.from(crlf(text), 'utf16le').swap16()],
  ['UTF-32 with a byte order mark', (text) => utf32(`\ufeff${crlf(text)}`)],
  ['CRLF, and Ctrl-Z at the end (copy a+b)', (text) => Buffer.from(`${crlf(text)}\x1a`)],
];

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

function utf32(text: string): Buffer {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [i, point] of points.entries()) bytes.writeUInt32LE(point, i * 4);
  return bytes;
}

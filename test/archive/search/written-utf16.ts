/** What a program of Windows writes, and the service sends: UTF-16, of which each byte that is no UTF-8 is U+FFFD by then. */
export const asUtf16 = (text: string): string => Buffer.from(text, 'utf16le').toString();
export const withMark = (text: string): string =>
  Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]).toString();
export const asUtf16Be = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString();

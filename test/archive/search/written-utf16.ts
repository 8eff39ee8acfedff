/**
 * What a Windows program writes and the service sends: UTF-16 in which each byte that is not UTF-8 has become U+FFFD.
 */
export const asUtf16 = (text: string): string => Buffer.from(text, 'utf16le').toString();
export const withMark = (text: string): string =>
  Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]).toString();
export const asUtf16Be = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString();

import { hash } from 'node:crypto';

/** SHA-256 of the text's UTF-8 bytes. */
export function sha256(text: string): Buffer {
  return digestOf(text);
}

/** SHA-256 of bytes. */
export function sha256Of(bytes: Uint8Array): Buffer {
  return digestOf(bytes);
}

/** Node makes a digest as a text and the bytes from it in less than half of the time that it needs for a Buffer. */
function digestOf(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1');
}

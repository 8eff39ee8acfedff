import { withoutHalfCharacter } from '../../model/outputs/output-encoding.ts';

/** Returns the beginning of an output, of at most so many bytes, that does not end within a character. */
export function cutBytes(bytes: Buffer, maxBytes: number): Buffer {
  return bytes.length <= maxBytes ? bytes : withoutHalfCharacter(bytes.subarray(0, maxBytes));
}

import type { Stream } from './outputs/full-output.ts';

/** What the agent puts at the end of a stream that it cut for GetCommandInvocation. */
export const CONTENT_CUT = '--output truncated--';

/** The agent cuts a stream that is not shorter than this. The service calls them characters; the agent counts bytes. */
export const CONTENT_LIMIT_BYTES: Readonly<Record<Stream, number>> = { stdout: 24_000, stderr: 8000 };

/**
 * Returns a stream as GetCommandInvocation has it. The agent counts bytes, and cuts a stream that is not shorter than
 * the limit (StringPrefix in its pluginutil.go), so an output of exactly 24,000 bytes loses its last twenty. Bytes that
 * are not UTF-8, and a character that was cut in two, become U+FFFD, as in the JSON that the agent sends.
 */
export function cutContent(bytes: Buffer, limitBytes: number): string {
  if (bytes.length < limitBytes) return bytes.toString();
  return bytes.subarray(0, limitBytes - CONTENT_CUT.length).toString() + CONTENT_CUT;
}

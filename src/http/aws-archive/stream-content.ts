import type { FullOutput } from '../../archive/outputs/list-full-outputs.ts';
import type { Stream } from '../../model/outputs/full-output.ts';
import { CONTENT_CUT, CONTENT_LIMIT_BYTES, cutContent } from '../../model/step-content.ts';

/** The agent's marks at the end of a stream that it cut for ListCommandInvocations. */
const LISTED_CUT = /\n---(Output truncated---|Error truncated----)$/;
/** ListCommandInvocations cuts what is longer. */
const LISTED_BYTES = 2500;
/** Bytes that were not UTF-8. */
const LOST = /\ufffd+/g;

/**
 * Returns a stream of a step as GetCommandInvocation showed it, or would have shown it, if what was fetched of the
 * step is enough to know that. Otherwise it returns the longest beginning of it that is known: a fetched one with the
 * mark of a cut, or what ListCommandInvocations shows, unchanged. `read` returns the first bytes of an output, at least
 * so many if there are as many.
 *
 * Log streams are left out. The agent changes line ends in them, so their text may differ from what the service shows.
 */
export function streamContent(
  read: (output: FullOutput, bytes: number) => Buffer | undefined,
  fetched: readonly FullOutput[],
  stream: Stream,
  listed: string,
): string {
  const limit = CONTENT_LIMIT_BYTES[stream];
  const find = (provenance: 'get' | 's3') =>
    fetched.find((one) => one.stream === stream && one.provenance === provenance);
  const beginningOf = (one: FullOutput | undefined) => one && read(one, limit);
  const fromService = find('get');
  const said = beginningOf(fromService);
  // The service's own answer, with its own mark.
  if (said && fromService?.cutBy !== 'limit') return said.toString();

  // The listing has all of it.
  if (!LISTED_CUT.test(listed) && Buffer.byteLength(listed) < LISTED_BYTES) return listed;

  const object = find('s3');
  const stored = beginningOf(object);
  // Others may write to a bucket too, so an object counts only if it begins with what the service listed.
  const shown = listed.replace(LISTED_CUT, '');
  const printed = stored && beginsWith(stored, shown) ? stored : undefined;
  const content = object && printed && cutAsShown(object, printed, limit);
  if (content !== undefined) return content;

  const [longest = Buffer.alloc(0)] = [said, printed]
    .filter((one) => one !== undefined)
    .sort((a, b) => b.length - a.length);
  return longest.length > Buffer.byteLength(shown) ? longest.toString() + CONTENT_CUT : listed;
}

/** Returns the content that the service makes of an object's bytes; undefined if too few of them were kept. */
function cutAsShown({ cutBy, totalBytes }: FullOutput, kept: Buffer, limit: number): string | undefined {
  if (cutBy === null) return cutContent(kept, limit);
  const needed = limit - CONTENT_CUT.length;
  if ((totalBytes ?? 0) < limit || kept.length < needed) return undefined;
  return kept.subarray(0, needed).toString() + CONTENT_CUT;
}

/**
 * Whether bytes begin with a text. Bytes that are not UTF-8 became U+FFFD on their way into the text, and nobody knows
 * how many of them became one.
 */
function beginsWith(bytes: Buffer, text: string): boolean {
  const comparable = (one: string) => one.replaceAll(LOST, '\ufffd');
  return comparable(bytes.toString()).startsWith(comparable(text).replace(/\ufffd$/, ''));
}

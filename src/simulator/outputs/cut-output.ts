import type { StepOutput } from '../fleet/output-kinds.ts';

const LIMIT_BYTES = 2500;
const SEPARATOR = '\n----------ERROR-------\n';
const OUTPUT_CUT = '\n---Output truncated---';
const ERROR_CUT = '\n---Error truncated----';

/**
 * Returns the Output of ListCommandInvocations: both streams in at most 2,500 bytes, cut at their ends, with the
 * agent's own separator and markers. If both are long, each gets half; if one is short, the other gets the rest.
 */
export function cutOutput({ stdout, stderr }: StepOutput): string {
  if (stderr === '') return cut(stdout, LIMIT_BYTES, OUTPUT_CUT);
  const room = LIMIT_BYTES - SEPARATOR.length;
  const outBytes = Buffer.byteLength(stdout);
  const errorBytes = Buffer.byteLength(stderr);
  const half = Math.floor(room / 2);
  const outRoom = Math.max(half, room - errorBytes);
  const errorRoom = room - Math.min(outBytes, outRoom);
  return cut(stdout, outRoom, OUTPUT_CUT) + SEPARATOR + cut(stderr, errorRoom, ERROR_CUT);
}

/** Returns a stream of GetCommandInvocation, cut to this many characters. */
export function cutContent(text: string, limit: number): string {
  const marker = '--output truncated--';
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - marker.length);
  return (head.isWellFormed() ? head : head.slice(0, -1)) + marker;
}

function cut(text: string, limitBytes: number, marker: string): string {
  // A UTF-16 unit has at most three bytes, so the bytes of most texts need not be counted.
  if (text.length * 3 <= limitBytes || Buffer.byteLength(text) <= limitBytes) return text;
  const head = Buffer.from(text).subarray(0, limitBytes - marker.length);
  // A character that would be cut in two is left out.
  let end = head.length;
  while (end > 0 && end > head.length - 4 && (head[end - 1] ?? 0) >= 0x80 && !endsCharacter(head, end)) end--;
  return head.subarray(0, end).toString() + marker;
}

function endsCharacter(bytes: Buffer, end: number): boolean {
  const last = bytes.subarray(Math.max(0, end - 4), end).toString();
  return !last.endsWith('\ufffd');
}

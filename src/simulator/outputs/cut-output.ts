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
  const { outRoom, errorRoom } = roomsOf(Buffer.byteLength(stdout), Buffer.byteLength(stderr));
  return cut(stdout, outRoom, OUTPUT_CUT) + SEPARATOR + cut(stderr, errorRoom, ERROR_CUT);
}

/** Returns which of two streams `cutOutput` cuts. */
export function streamsCut({ stdout, stderr }: StepOutput): { readonly stdout: boolean; readonly stderr: boolean } {
  const outBytes = Buffer.byteLength(stdout);
  const errorBytes = Buffer.byteLength(stderr);
  if (errorBytes === 0) return { stdout: outBytes > LIMIT_BYTES, stderr: false };
  const { outRoom, errorRoom } = roomsOf(outBytes, errorBytes);
  return { stdout: outBytes > outRoom, stderr: errorBytes > errorRoom };
}

function roomsOf(outBytes: number, errorBytes: number): { outRoom: number; errorRoom: number } {
  const room = LIMIT_BYTES - SEPARATOR.length;
  const outRoom = Math.max(Math.floor(room / 2), room - errorBytes);
  return { outRoom, errorRoom: room - Math.min(outBytes, outRoom) };
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

/** An event of a log stream. */
export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** The most bytes of an event, and of a line: what is longer is cut into pieces of this size. */
const EVENT_BYTES = 200_000;
/** The agent looks at the output once a second, and then sends at most this many events. */
const EVENTS_A_CALL = 4;
const CALL_MS = 1000;
const NEW_LINE = 10;

/**
 * Returns the events that the agent sends for an output (StreamData and getNextMessage in its
 * cloudwatchlogsservice.go). An event holds as many whole lines as fit. CRLF becomes LF, and the last line break of an
 * event is left out if the step had ended by then: the text can't always be put together again as it was.
 */
export function splitEvents(bytes: Buffer, startMs: number, endMs: number): LogEvent[] {
  const isLong = endMs - startMs >= 2 * CALL_MS;
  const calls = callsOf(linesOf(bytes), isLong);
  return calls.flatMap((messages, call) => {
    const isLast = call === calls.length - 1;
    const timestamp = Math.max(startMs, endMs - (calls.length - 1 - call) * CALL_MS);
    return messages.flatMap((message) => {
      const text = message.toString().replaceAll('\r\n', '\n');
      const isTrimmed = (isLast || !isLong) && message.at(-1) === NEW_LINE;
      const sent = isTrimmed ? text.slice(0, -1) : text;
      // The service takes no empty event.
      return sent === '' ? [] : [{ timestamp, message: sent }];
    });
  });
}

/** Returns the lines with their line breaks; one that is too long comes in pieces. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(NEW_LINE, at);
    const end = Math.min(found < 0 ? bytes.length : found + 1, at + EVENT_BYTES);
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  return lines;
}

/** Returns the messages of each call. While a step runs, half of its lines are there when the agent first looks. */
function callsOf(lines: readonly Buffer[], isLong: boolean): Buffer[][] {
  const half = isLong ? Math.ceil(lines.length / 2) : lines.length;
  const calls: Buffer[][] = [];
  for (const seen of [lines.slice(0, half), lines.slice(half)]) {
    const messages = messagesOf(seen);
    for (let at = 0; at < messages.length; at += EVENTS_A_CALL) calls.push(messages.slice(at, at + EVENTS_A_CALL));
  }
  return calls;
}

function messagesOf(lines: readonly Buffer[]): Buffer[] {
  const messages: Buffer[] = [];
  let gathered: Buffer[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length > EVENT_BYTES) {
      messages.push(Buffer.concat(gathered));
      gathered = [];
      length = 0;
    }
    gathered.push(line);
    length += line.length;
  }
  if (length > 0) messages.push(Buffer.concat(gathered));
  return messages;
}

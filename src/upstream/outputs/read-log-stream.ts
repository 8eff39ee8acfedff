import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FetchedOutput } from '../../model/outputs/full-output.ts';
import type { CallBounds } from '../calls/bound-call.ts';
import { ReplyUnreadable } from '../errors.ts';
import { countAttempts } from '../replies/count-attempts.ts';
import { partitionOf } from './client-settings.ts';
import { cutBytes } from './cut-bytes.ts';
import { OutputGone } from './output-errors.ts';
import type { OutputReading, StoredStream } from './output-source.ts';
import { sendBounded } from './send-bounded.ts';

/** The agent cuts a longer line into events of this size. */
const EVENT_BYTES = 200_000;
/** A stream whose pages never end, or are empty, is read no further. */
const MOST_PAGES = 50;

/**
 * Reads a log stream from its beginning, page by page, until its end or the limit, and puts its events together. The
 * agent has turned CRLF into LF and left out the last line break, so this is not byte by byte what was printed.
 */
export async function readLogStream(
  logs: CloudWatchLogsClient,
  { stream, store: logGroup, name: logStream, region }: StoredStream & { region: string },
  { maxBytes, counts }: OutputReading,
  bounds: CallBounds,
): Promise<FetchedOutput> {
  const resources = [`arn:${partitionOf(region)}:logs:*:*:log-group:${logGroup}:*`];
  const grant = { actions: ['logs:GetLogEvents'], resources };
  const location = { logGroup, logStream };
  const parts: Buffer[] = [];
  let length = 0;
  let token: string | undefined;
  for (let page = 1; ; page++) {
    const command = new GetLogEventsCommand({
      ...{ logGroupName: logGroup, logStreamName: logStream, startFromHead: true },
      ...(token !== undefined && { nextToken: token }),
    });
    command.middlewareStack.use(countAttempts(counts));
    const reply = await sendBounded(bounds, grant, async (abortSignal) => logs.send(command, { abortSignal }));
    const { nextForwardToken } = reply;
    for (const part of messagesOf(reply)) {
      const before = parts.at(-1);
      // An event ends with the end of a line, which the agent may have left out, unless it is a piece of a long one.
      if (before && before.at(-1) !== 0x0a && before.length < EVENT_BYTES) {
        parts.push(Buffer.from('\n'));
        length += 1;
      }
      parts.push(part);
      length += part.length;
    }
    // At the end of a stream, the service answers with the token that was sent.
    const isEnd = nextForwardToken === token;
    if (!isEnd && length <= maxBytes && page < MOST_PAGES) {
      token = nextForwardToken;
      continue;
    }
    if (length === 0 && !isEnd) throw new ReplyUnreadable(`GetLogEvents had ${MOST_PAGES} pages without an event.`);
    if (length === 0) throw new OutputGone('The log stream has no events, or no longer.');
    const whole = Buffer.concat(parts);
    const bytes = cutBytes(whole, maxBytes);
    const isWhole = isEnd && bytes.length === whole.length;
    return { stream, bytes, totalBytes: isEnd ? whole.length : null, cutBy: isWhole ? null : 'limit', location };
  }
}

/** A reply without one of its members says nothing of where the stream ends, so nothing of it is taken for whole. */
function messagesOf({ events, nextForwardToken }: GetLogEventsCommandOutput): Buffer[] {
  if (!Array.isArray(events) || typeof nextForwardToken !== 'string')
    throw new ReplyUnreadable('The reply to GetLogEvents does not have its events and the token of the next page.');
  return events.map((event: { message?: unknown } | null) => {
    const message = event?.message;
    if (typeof message !== 'string')
      throw new ReplyUnreadable('The reply to GetLogEvents has an event without a message.');
    return Buffer.from(message);
  });
}

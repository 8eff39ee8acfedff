import { AwsError } from '../../http/aws/aws-error.ts';
import { keyOfText } from '../draw.ts';
import type { LogEvent } from './split-events.ts';

export interface EventsRequest {
  /** The name of the group and the stream. A token of another stream is refused. */
  readonly stream: string;
  readonly token: string | undefined;
  readonly limit: number;
  readonly isFromHead: boolean;
  /** The page is empty, though it is not the last one. */
  readonly isEmpty: boolean;
}

export interface EventsPage {
  readonly events: readonly LogEvent[];
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

/** The most bytes of a page. An event counts for 26 bytes more than its message. */
const PAGE_BYTES = 1_048_576;
const EVENT_OVERHEAD = 26;
const TOKEN = /^([fb])\/(\d{20})(\d{12})(\d{24})$/;

/**
 * Returns a page of GetLogEvents. At the end of a stream the next token is the token that was sent: nothing else says
 * that it is the end. An empty page may come before the end too, with a new token.
 */
export function pageEvents(events: readonly LogEvent[], request: EventsRequest): EventsPage {
  const cursor = readToken(request, events.length);
  const { isForward, at, turn } = cursor;
  if (request.isEmpty) {
    const next = { ...cursor, turn: turn + 1 };
    return {
      events: [],
      nextForwardToken: writeToken(request, isForward ? { ...next, isForward: true } : { ...cursor, isForward: true }),
      nextBackwardToken: writeToken(request, { ...next, isForward: false }),
    };
  }
  const [from, until] = isForward ? [at, endOfPage(events, at, 1, request)] : [endOfPage(events, at, -1, request), at];
  return {
    events: events.slice(from, until),
    nextForwardToken: writeToken(request, { isForward: true, at: until, turn: until === at ? turn : 0 }),
    nextBackwardToken: writeToken(request, { isForward: false, at: from, turn: from === at ? turn : 0 }),
  };
}

interface Cursor {
  readonly isForward: boolean;
  /** Forward, the first event of the page; backward, the one behind its last. */
  readonly at: number;
  /** How many empty pages came at this place; without it, two of them would have the token that means the end. */
  readonly turn: number;
}

function endOfPage(events: readonly LogEvent[], start: number, step: 1 | -1, { limit }: EventsRequest): number {
  let at = start;
  let bytes = 0;
  for (let count = 0; count < limit; count++) {
    const event = events[step === 1 ? at : at - 1];
    if (!event) break;
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD;
    if (bytes > PAGE_BYTES && count > 0) break;
    at += step;
  }
  return at;
}

function readToken({ token, stream, isFromHead }: EventsRequest, count: number): Cursor {
  if (token === undefined) return { isForward: isFromHead, at: isFromHead ? 0 : count, turn: 0 };
  const [, direction, at, turn, check] = TOKEN.exec(token) ?? [];
  if (direction === undefined || Number(check) !== keyOfText(stream) || Number(at) > count) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  return { isForward: direction === 'f', at: Number(at), turn: Number(turn) };
}

function writeToken({ stream }: EventsRequest, { isForward, at, turn }: Cursor): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `${isForward ? 'f' : 'b'}/${digits(at, 20)}${digits(turn, 12)}${digits(keyOfText(stream), 24)}`;
}

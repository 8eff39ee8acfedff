import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { parseJsonBytes } from '../../lib/json/parse-json-bytes.ts';
import { decodeText } from '../../lib/text-file/decode-text.ts';
import { jsonDocuments } from '../../lib/text-file/json-documents.ts';
import { TextUnreadable } from '../../lib/text-file/text-unreadable.ts';

/** The bytes are not what CloudTrail writes. The message is a sentence. */
export class TrailUnreadable extends Error {
  override name = 'TrailUnreadable';
}

export interface Trail {
  events: unknown[];
  /** A reply of lookup-events has a token for more events, and they are not in the file. */
  isPartial: boolean;
}

/** More than V8 can hold in one text; CloudTrail's files have some megabytes. */
const MOST_BYTES = 512 * 1024 * 1024;

const event = z.object({ eventSource: z.string(), eventName: z.string() });
const lookedUp = z.object({ CloudTrailEvent: z.string() });
const logFile = z.object({ Records: z.array(z.unknown()) });
const lookup = z.object({ Events: z.array(lookedUp), NextToken: z.string().nullish() });
/** Files beside a trail's logs in S3 that hold hashes of log files and no events. */
const digestFile = z.object({ digestStartTime: z.string(), logFiles: z.array(z.unknown()) });
/** The members that show whether a reply continues where another ended. */
const placed = z.object({ recipientAccountId: z.string(), awsRegion: z.string(), eventTime: z.string() });

interface Reply {
  events: unknown[];
  hasMore: boolean;
}

/**
 * Reads the events of a CloudTrail file: a log file that a trail wrote to S3, the output of `aws cloudtrail
 * lookup-events`, or single events of either. The file may hold several documents one after another, may be compressed
 * by gzip, and may have any encoding that Windows writes. Throws TrailUnreadable for anything else.
 */
export function readTrail(bytes: Buffer): Trail {
  const events: unknown[] = [];
  let isPartial = false;
  let toContinue: Reply | undefined;
  for (const content of documents(unpacked(bytes))) {
    const found = eventsOf(content);
    if (Array.isArray(found)) append(events, found);
    else {
      append(events, found.events);
      if (toContinue && !goesOn(toContinue, found)) isPartial = true;
      toContinue = found.hasMore ? found : undefined;
    }
  }
  return { events, isPartial: isPartial || toContinue !== undefined };
}

/** Adds in a loop: spreading a hundred thousand events into one call would exceed the limit of arguments. */
function append(events: unknown[], more: readonly unknown[]): void {
  for (const one of more) events.push(one);
}

function eventsOf(content: unknown): unknown[] | Reply {
  const log = logFile.safeParse(content);
  if (log.success) return log.data.Records;
  const found = lookup.safeParse(content);
  if (found.success) return { events: found.data.Events.map(eventOf), hasMore: Boolean(found.data.NextToken) };
  if (digestFile.safeParse(content).success) return [];
  return (Array.isArray(content) ? content : [content]).map(singleEvent);
}

/** Single events, as `jq` and `--query` print them. */
function singleEvent(item: unknown): unknown {
  const found = lookedUp.safeParse(item);
  if (found.success) return eventOf(found.data);
  if (event.safeParse(item).success) return item;
  throw new TrailUnreadable('It is JSON, but neither a CloudTrail log file nor the output of lookup-events.');
}

function eventOf({ CloudTrailEvent }: z.output<typeof lookedUp>): unknown {
  return parse(CloudTrailEvent, 'An event in it');
}

/** A reply has the events of one account and region, the newest first. */
function goesOn(before: Reply, after: Reply): boolean {
  const last = placed.safeParse(before.events.at(-1));
  const first = placed.safeParse(after.events[0]);
  if (!last.success || !first.success) return true;
  const isSamePlace =
    last.data.recipientAccountId === first.data.recipientAccountId && last.data.awsRegion === first.data.awsRegion;
  return isSamePlace && Date.parse(first.data.eventTime) <= Date.parse(last.data.eventTime);
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new TrailUnreadable('It is compressed, but broken or too large.', { cause: error });
  }
}

function documents(bytes: Buffer): unknown[] {
  const whole = isUtf8(bytes) ? oneOf(bytes) : undefined;
  if (whole) return whole;
  const texts = jsonDocuments(trailText(bytes));
  if (texts.length === 0) throw new TrailUnreadable('It is empty.');
  return texts.map(({ text, line }, n) =>
    parse(text, texts.length === 1 ? 'It' : `Its document ${n + 1} of ${texts.length}, which begins at line ${line},`),
  );
}

/**
 * Returns the text of a file that is one document in UTF-8 without a byte order mark, as nearly all are; undefined for
 * any other file.
 */
function oneOf(bytes: Buffer): unknown[] | undefined {
  try {
    return [parseJsonBytes(bytes)];
  } catch {
    return undefined;
  }
}

function trailText(bytes: Buffer): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    if (error instanceof TextUnreadable) throw new TrailUnreadable(`It ${error.message}`, { cause: error });
    throw error;
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TrailUnreadable(`${what} is not JSON, or is not complete.`, { cause: error });
  }
}

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { parseReply } from '../../src/upstream/replies/read-reply.ts';
import { generateReplies, type RawReply } from './generate-replies.ts';

const CHUNK_BYTES = 1_048_576;
const LINE_FEED = 10;

/** Writes the simulator's replies to a file, each as two lines: the source, and the reply's body. */
export function writeReplies(path: string, invocations: number, observedAt?: string): void {
  const file = openSync(path, 'w');
  for (const { source, items } of generateReplies(invocations, observedAt))
    writeSync(file, `${JSON.stringify(source)}\n${JSON.stringify({ CommandInvocations: items })}\n`);
  closeSync(file);
}

/**
 * Yields the replies of such a file in groups of `atOnce`, parsed but not yet observed, as the collector has them.
 * Keeps only one group in memory.
 */
export function* readReplies(path: string, atOnce = 1): Generator<{ replies: RawReply[]; items: unknown[] }> {
  let replies: RawReply[] = [];
  let source: RawReply['source'] | undefined;
  for (const line of linesOf(path)) {
    if (!source) {
      source = JSON.parse(line.toString('utf8'));
      continue;
    }
    replies.push({ source, items: parseReply(line, 'ListCommandInvocations').items });
    source = undefined;
    if (replies.length < atOnce) continue;
    yield { replies, items: replies.flatMap(({ items }) => items) };
    replies = [];
  }
  if (replies.length > 0) yield { replies, items: replies.flatMap(({ items }) => items) };
}

function* linesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    let from = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  closeSync(file);
}

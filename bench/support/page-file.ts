import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { parseReply } from '../../src/upstream/replies/read-reply.ts';
import { generatePages, type RawPage } from './generate-pages.ts';

const CHUNK_BYTES = 1_048_576;
const LINE_FEED = 10;

/** Writes the simulator's pages to a file, each as two lines: the source, and the reply's body. */
export function writePages(path: string, invocations: number): void {
  const file = openSync(path, 'w');
  for (const { source, items } of generatePages(invocations))
    writeSync(file, `${JSON.stringify(source)}\n${JSON.stringify({ CommandInvocations: items })}\n`);
  closeSync(file);
}

/** Yields the pages of such a file, so many at a time, as the collector has them: only parsed. It holds one group. */
export function* readPages(path: string, atOnce = 1): Generator<{ pages: RawPage[]; items: unknown[] }> {
  let pages: RawPage[] = [];
  let source: RawPage['source'] | undefined;
  for (const line of linesOf(path)) {
    if (!source) {
      source = JSON.parse(line.toString('utf8'));
      continue;
    }
    pages.push({ source, items: parseReply(line, 'ListCommandInvocations').items });
    source = undefined;
    if (pages.length < atOnce) continue;
    yield { pages, items: pages.flatMap(({ items }) => items) };
    pages = [];
  }
  if (pages.length > 0) yield { pages, items: pages.flatMap(({ items }) => items) };
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

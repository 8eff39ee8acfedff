import { describe, expect, it } from 'vitest';
import { streamQueue } from '../../src/lib/stream-queue.ts';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function collect<Told>(told: AsyncIterable<Told>, into: Told[] = []): Promise<Told[]> {
  for await (const one of told) into.push(one);
  return into;
}

describe('the stream of a queue whose work sends reports', () => {
  it('yields all reports in order while several items are worked on at once', async () => {
    const stream = streamQueue<string, string>([...'abc'], { atOnce: 2, signal: never }, async (item, tell) => {
      tell(`${item}1`);
      await turn();
      tell(`${item}2`);
    });
    expect(await collect(stream)).toEqual(['a1', 'b1', 'a2', 'c1', 'b2', 'c2']);
  });

  it('keeps the reports that are sent while its reader is busy', async () => {
    const told: string[] = [];
    const stream = streamQueue<string, string>([...'abcd'], { atOnce: 1, signal: never }, async (item, tell) => {
      tell(item);
    });
    for await (const one of stream) {
      await turn();
      told.push(one);
    }
    expect(told).toEqual(['a', 'b', 'c', 'd']);
  });

  it('includes reports of items that the work adds to the queue, and ends when the queue is empty', async () => {
    const queue = ['a'];
    const stream = streamQueue<string, string>(queue, { atOnce: 1, signal: never }, async (item, tell) => {
      if (item === 'a') queue.push('more');
      tell(item);
    });
    expect(await collect(stream)).toEqual(['a', 'more']);
    expect(await collect(streamQueue([], { atOnce: 1, signal: never }, async () => {}))).toEqual([]);
  });

  it('yields the reports from before a failure, aborts the other work, begins no more items, and then throws', async () => {
    const begun: string[] = [];
    const into: string[] = [];
    const stream = streamQueue<string, string>([...'abc'], { atOnce: 2, signal: never }, async (item, tell, signal) => {
      begun.push(item);
      if (item === 'a') {
        tell('before');
        throw new Error('first');
      }
      while (!signal.aborted) await turn();
      tell('ended');
    });
    await expect(collect(stream, into)).rejects.toThrow('first');
    expect(into).toEqual(['before', 'ended']);
    expect(begun).toEqual(['a', 'b']);
  });

  it('ends the running work, and begins no more items, if the reader stops early', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const stream = streamQueue<string, string>([...'abc'], { atOnce: 2, signal: never }, async (item, tell, signal) => {
      begun.push(item);
      tell(item);
      while (!signal.aborted) await turn();
      ended.push(item);
    });
    for await (const _ of stream) break;
    expect(begun).toEqual(['a', 'b']);
    expect(ended).toEqual(['a', 'b']);
  });

  it('passes its caller’s abort on to the work', async () => {
    const stopping = new AbortController();
    const stream = streamQueue<string, string>(
      ['a'],
      { atOnce: 1, signal: stopping.signal },
      async (_, tell, signal) => {
        stopping.abort();
        tell(String(signal.aborted));
      },
    );
    expect(await collect(stream)).toEqual(['true']);
  });
});

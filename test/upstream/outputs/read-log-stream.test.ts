import { describe, expect, it } from 'vitest';
import { OutputGone } from '../../../src/upstream/outputs/output-errors.ts';
import { READING, rawService } from './raw-service.ts';

const STORED = { stream: 'stdout', store: '/aws/ssm/a', name: 'a/b' } as const;

/** What is read of a stream whose pages are these; the last one comes again and again. */
async function read(...pages: readonly unknown[]) {
  let n = 0;
  const source = await rawService((_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(pages[Math.min(n++, pages.length - 1)]));
  });
  return source.readLogStream(STORED, READING);
}

const page = (token: string, ...messages: unknown[]) => ({
  events: messages.map((message, n) => ({ timestamp: n, ingestionTime: n, message })),
  ...{ nextForwardToken: token, nextBackwardToken: 'b' },
});

describe('a log stream', () => {
  it('is whole once the service answers with the token that was sent, also after pages without events', async () => {
    expect(await read(page('1', 'a'), page('2'), page('3', 'b', '', 'c'), page('3'))).toMatchObject({
      ...{ cutBy: null, totalBytes: 6, bytes: Buffer.from('a\nb\n\nc') },
    });
  });

  it('is cut if its pages never end', async () => {
    let n = 0;
    const source = await rawService((_, response) => response.end(JSON.stringify(page(`${n++}`, 'x'))));
    expect(await source.readLogStream(STORED, READING)).toMatchObject({ cutBy: 'limit', totalBytes: null });
  });

  it('without an event is gone, but not while its pages go on', async () => {
    await expect(read(page('1'), page('1'))).rejects.toThrow(OutputGone);
    let n = 0;
    const source = await rawService((_, response) => response.end(JSON.stringify(page(`${n++}`))));
    const thrown: unknown = await source.readLogStream(STORED, READING).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(OutputGone);
  });

  it.each([
    ['has no members', {}],
    ['has no token', { events: [{ message: 'b' }] }],
    ['has no events', { nextForwardToken: '1' }],
    ['has an event without a message', page('2', undefined)],
    ['has a message that is a list', page('2', [104, 105])],
    ['has a message that is a number', page('2', 5)],
    ['has an event that is none', { events: [null], nextForwardToken: '2' }],
  ])('is not kept if a later page %s', async (_, broken) => {
    const thrown: unknown = await read(page('1', 'a'), broken).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: 'ReplyUnreadable' });
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { testProgram } from '../built-program.ts';
import { startSetting } from '../end-to-end/run-cli.ts';
import { knowTests } from '../on-test-end.ts';
import { startServer } from './start-server.ts';

knowTests();

const SLOW_READER = testProgram('slow-reader');
const STATS = '/v1/stats?groupBy=day';

describe.concurrent('statistics that never end', () => {
  it('get the answer 504 at their deadline, and another reader answers the next question', async () => {
    const setting = await startSetting({ invocations: 100 });
    const config = { readDeadlineMs: 8000 };
    const { url } = await startServer(setting, undefined, { config, readerProgram: SLOW_READER });
    const reply = await fetch(url + STATS);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([504, 'application/problem+json']);
    expect(await reply.json()).toMatchObject({ title: 'Took too long', detail: expect.stringContaining('8 seconds') });
    expect((await fetch(`${url}/v1/commands`)).status).toBe(200);
  });

  it('do not delay other questions, and end when their client goes away', async () => {
    const setting = await startSetting({ invocations: 100 });
    const config = { readDeadlineMs: 3_000_000 };
    const { url } = await startServer(setting, undefined, { config, readerProgram: SLOW_READER });
    const going = new AbortController();
    const gone = fetch(url + STATS, { signal: going.signal });
    const refused = expect(gone).rejects.toThrow('abort');
    expect((await fetch(`${url}/v1/invocations`)).status).toBe(200);
    // A caller may use only one of the two readers. This caller already uses one, so its next question waits.
    const next = fetch(`${url}/v1/commands`);
    going.abort();
    await refused;
    expect((await next).status).toBe(200);
  });

  it('are refused with a time to ask again if too many of them are waiting', async () => {
    const setting = await startSetting({ invocations: 100 });
    const { url } = await startServer(setting, undefined, { answerGraceMs: 10, readerProgram: SLOW_READER });
    const replies: Promise<Response | undefined>[] = Array.from({ length: 34 }, () =>
      fetch(url + STATS).catch(() => undefined),
    );
    const refused = await Promise.race(replies);
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

it.concurrent('the server can stop even if a client never ends its request', async () => {
  const setting = await startSetting({ invocations: 100 });
  const { url, stop } = await startServer(setting, undefined, { answerGraceMs: 10 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write('GET /v1/commands HTTP/1.1\r\n', resolve));
  await stop();
  await closed;
  expect(socket.bytesRead).toBe(0);
});

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { sendRequest, wholeText } from '../../../src/cli/sql/send-request.ts';

/** A server that answers so; it ends with the test. */
async function answering(answerBy: (answer: ServerResponse) => void): Promise<URL> {
  const server = createServer((_, answer) => answerBy(answer)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}/v1/sql`);
}

const ASKING = { token: undefined, idleMs: 200 };

it('a download that comes byte by byte may take as long as it likes, while something comes', async () => {
  const url = await answering((answer) => {
    let left = 20;
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) return answer.write('x');
      clearInterval(timer);
      return answer.end('end');
    }, 30);
  });
  const startedAt = performance.now();
  expect(await wholeText(await sendRequest(url, ASKING))).toMatch(/^x+end$/);
  expect(performance.now() - startedAt).toBeGreaterThan(2 * ASKING.idleMs);
});

it('a server that is silent for too long is given up in a sentence, before its answer and in the middle of it', async () => {
  const silent = await answering(() => {});
  await expect(sendRequest(silent, ASKING)).rejects.toThrow(
    `${silent.origin} can't be reached (nothing came from it for 0.2 seconds).`,
  );
  const stopped = await answering((answer) => void answer.write('half'));
  await expect(wholeText(await sendRequest(stopped, ASKING))).rejects.toThrow('The answer broke off: ');
});

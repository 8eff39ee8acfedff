import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, it } from 'vitest';
import { sendRequest, wholeText } from '../../../src/cli/sql/send-request.ts';
import { knowTests, onTestEnd } from '../../on-test-end.ts';

knowTests();

/** Starts a server that answers each request by this function. The server ends with the test. */
async function answering(answerBy: (answer: ServerResponse) => void): Promise<URL> {
  const server = createServer((_, answer) => answerBy(answer)).listen(0, '127.0.0.1');
  onTestEnd(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}/v1/sql`);
}

const ASKING = { token: undefined, idleMs: 200, onSilence: () => {} };

it.concurrent('a download that comes byte by byte may take as long as it needs, if no pause between bytes is too long', async () => {
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

it.concurrent('a call gives up on a server that is silent for too long, before its answer or in the middle of it, and says so', async () => {
  const silent = await answering(() => {});
  await expect(sendRequest(silent, ASKING)).rejects.toThrow(
    `${silent.origin} can't be reached (nothing came from it for 0.2 seconds).`,
  );
  const stopped = await answering((answer) => void answer.write('half'));
  await expect(wholeText(await sendRequest(stopped, ASKING))).rejects.toThrow('The answer broke off: ');
});

it.concurrent('a server that begins to answer within three seconds causes no message; for a slower server, a message says that the call is still waiting', async () => {
  const ask = async (words: string, afterMs: number) => {
    const said: string[] = [];
    const url = await answering((answer) => void setTimeout(() => answer.end(words), afterMs));
    const asking = { token: undefined, onSilence: (sentence: string) => void said.push(sentence) };
    expect(await wholeText(await sendRequest(url, asking))).toBe(words);
    return { origin: url.origin, said };
  };
  const [slow, slower] = await Promise.all([ask('slow', 3000), ask('slower', 4500)]);
  expect(slow.said).toEqual([]);
  expect(slower.said).toEqual([
    `${slower.origin} has received the question, but has sent nothing for 3 seconds: it is still working on the answer, or it is not an ssm-archive server. Still waiting.`,
  ]);
});

it.concurrent('a message is printed if no connection could be made', async () => {
  const said: string[] = [];
  const stopping = new AbortController();
  // This server speaks no TLS and says nothing, so the connection is never made.
  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
  onTestEnd(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const asked = sendRequest(new URL(`https://127.0.0.1:${port}/`), {
    ...{ token: undefined, signal: stopping.signal },
    onSilence(sentence) {
      said.push(sentence);
      stopping.abort();
    },
  });
  await expect(asked).rejects.toThrow();
  expect(said).toEqual([
    `https://127.0.0.1:${port} has not answered for 3 seconds: there is no connection yet. Check the address, and look for a firewall or a proxy on the way.`,
  ]);
});

import { Agent, get, type IncomingMessage } from 'node:http';
import { sleep } from '../../src/lib/time.ts';
import { answerParent } from '../support/answer-parent.ts';
import { ClientRequest } from '../support/ask-server.ts';

// A client of a server on this machine. It keeps connections open, accepts no compression, and only counts the bytes of
// bodies.
const FEWEST = 3;

answerParent((message) => {
  const request = ClientRequest.parse(message);
  if (request.kind === 'latencies') return latencies(request);
  return request.kind === 'load' ? load(request) : download(request);
});

type Request<Kind> = Extract<ClientRequest, { kind: Kind }>;

async function latencies({ url, paths, count, mostSeconds, pauseMs }: Request<'latencies'>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ms: number[] = [];
  const end = performance.now() + mostSeconds * 1000;
  while (ms.length < count && (ms.length < FEWEST || performance.now() < end)) {
    const start = performance.now();
    await ask(agent, url, paths[ms.length % paths.length] ?? '/');
    ms.push(performance.now() - start);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  agent.destroy();
  return { ms };
}

async function load({ url, paths, connections, seconds }: Request<'load'>) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const result = { requests: 0, seconds: 0, bytes: 0 };
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const { bytes } = await ask(agent, url, paths[next++ % paths.length] ?? '/');
        result.requests += 1;
        result.bytes += bytes;
      }
    }),
  );
  result.seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return result;
}

async function download({ url, path }: Request<'download'>) {
  const agent = new Agent({ keepAlive: false });
  const start = performance.now();
  const { bytes, firstByteAt } = await ask(agent, url, path);
  return { bytes, seconds: (performance.now() - start) / 1000, firstByteSeconds: (firstByteAt - start) / 1000 };
}

/** Rejects if the answer's status is not 200, or the answer is cut short. */
function ask(agent: Agent, url: string, path: string): Promise<{ bytes: number; firstByteAt: number }> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage) => {
      let bytes = 0;
      let firstByteAt = 0;
      answer.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstByteAt = performance.now();
        bytes += chunk.length;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve({ bytes, firstByteAt });
        else reject(new Error(`${path} was answered with ${answer.statusCode}.`));
      });
      answer.on('error', reject);
    };
    get(`${url}${path}`, { agent }, onAnswer).on('error', reject);
  });
}

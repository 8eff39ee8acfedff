import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listenFirst } from '../../src/http/listen-first.ts';

const ADDRESS = { host: '127.0.0.1', port: 0 };

test('requests that arrive before the server is ready wait for it, and are then answered', async () => {
  const { server, serve } = await listenFirst(ADDRESS);
  const asked = fetch(server.url).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 50));
  serve(() => new Response('here'));
  expect(await asked).toBe('here');
  expect(await (await fetch(server.url)).text()).toBe('here');
  await server.end();
});

test('a start that fails closes the waiting connections and frees the port', async () => {
  const { server } = await listenFirst(ADDRESS);
  const asked = fetch(server.url).then(
    () => 'answered',
    () => 'broken off',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.end();
  expect(await asked).toBe('broken off');
  const other = createServer().listen(Number(new URL(server.url).port), '127.0.0.1');
  await once(other, 'listening');
  expect((other.address() as AddressInfo).port).toBe(Number(new URL(server.url).port));
  other.close();
});

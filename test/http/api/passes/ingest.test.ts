import { describe, expect, it, onTestFinished } from 'vitest';
import { openArchive } from '../../../../src/db/open.ts';
import { ingestRoutes } from '../../../../src/http/api/passes/ingest.ts';
import { listen } from '../../../../src/http/listen.ts';
import { type Collector, createCollector } from '../../../../src/ingest/collector/create-collector.ts';
import type { Passes } from '../../../../src/model/coverage/passes.ts';
import { unmovedFile } from '../../../db/unmoved-file.ts';
import { startSetting } from '../../../end-to-end/run-cli.ts';
import { memoryLog } from '../../../memory-log.ts';
import { COLLECTOR, configOf } from '../../../service/start-server.ts';
import { until } from '../../../until.ts';

interface Api {
  url: string;
  collector: Collector;
  /** How many streams are following a pass now. */
  followers(): number;
  streams: AbortController;
}

/** Starts the routes with a real collector and a slow service, and counts the clients that follow a pass. */
async function startApi(): Promise<Api> {
  const { archive, simulator } = await startSetting({ invocations: 5000, faults: { slowRate: 1, slowMs: 1000 } });
  const db = openArchive(archive);
  const config = configOf(archive, simulator.url);
  const ids = ['first', 'second'];
  const collector = createCollector({
    db,
    file: unmovedFile(archive),
    config,
    log: memoryLog().log,
    now: () => new Date(),
    newId: () => ids.shift() ?? 'later',
    program: COLLECTOR,
  });
  let followers = 0;
  const passes: Passes = {
    ...collector,
    follow(id, listener) {
      followers += 1;
      const unfollow = collector.follow(id, listener);
      return () => {
        followers -= 1;
        unfollow();
      };
    },
  };
  const streams = new AbortController();
  const server = await listen(ingestRoutes({ passes, heartbeatMs: 20, signal: streams.signal }).fetch, config);
  onTestFinished(async () => {
    streams.abort();
    await Promise.all([collector.stop(), server.close()]);
    db.close();
  });
  return { url: server.url, collector, followers: () => followers, streams };
}

const EVENTS = { headers: { accept: 'text/event-stream' } };

describe('/v1/ingest', () => {
  it('stops sending the events of a pass to a client that has gone away', async () => {
    const { url, followers } = await startApi();
    await fetch(`${url}/v1/ingest`, { method: 'POST' });
    const going = new AbortController();
    await fetch(`${url}/v1/ingest/first`, { ...EVENTS, signal: going.signal });
    await until(() => followers() === 1);
    going.abort();
    await until(() => followers() === 0);
    expect(await (await fetch(`${url}/v1/ingest/first`)).json()).toMatchObject({ state: 'running' });
  });

  it('sends heartbeats on a stream without events, and ends it when the server stops', async () => {
    const { url, streams } = await startApi();
    await fetch(`${url}/v1/ingest`, { method: 'POST' });
    const reply = await fetch(`${url}/v1/ingest/first`, EVENTS);
    expect(reply.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.split('\n: nothing new\n\n').length > 3) streams.abort();
    }
    expect(text).toMatch(/^event: progress\ndata: \{"id":"first".+\}\n\n/);
    expect(text).not.toContain('event: end');
  });

  it('returns 404 for a pass that it does not know, in JSON and for events, and says which passes it knows', async () => {
    const { url } = await startApi();
    for (const id of ['unknown', 'run-7', 'run-0', 'run-1e3']) {
      const reply = await fetch(`${url}/v1/ingest/${id}`, EVENTS);
      expect(reply.status).toBe(404);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
      expect(await reply.json()).toMatchObject({ type: 'about:blank', status: 404, title: 'Not found' });
    }
  });

  it('returns 503 if somebody asks for a pass while the server stops', async () => {
    const { url, collector } = await startApi();
    await collector.stop();
    const reply = await fetch(`${url}/v1/ingest`, { method: 'POST' });
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ detail: 'The server is stopping and starts no more passes.' });
  });
});

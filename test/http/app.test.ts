import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import type { Passes } from '../../src/model/coverage/passes.ts';
import { accessTrial } from '../access/access-trial.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { NO_AWS, NO_READERS, NO_REPORTS, NO_SQL, neverIssued } from './no-readers.ts';

/** The app of these tests has no processes that read or collect. */
const noPasses: Passes = {
  start: () => {
    throw new Error('This test starts no passes.');
  },
  get: () => undefined,
  follow: () => () => {},
};

/** The app, and the lines that it logs. */
function setUp(reason?: string) {
  const { authDb, accessDb, now, random } = accessTrial();
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const deadlines = {
    settlingMs: 900_000,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 30_000,
    exportDeadlineMs: 60_000,
  };
  const app = createApp({
    ...{ log: pino(stream), now, random, newId: randomUUID, authDb, accessDb },
    api: {
      archive: tempArchive().sqlite,
      readers: NO_READERS,
      sql: NO_SQL,
      reports: NO_REPORTS,
      issueCertificate: neverIssued,
      makeEvidence: neverIssued,
      now,
      ...deadlines,
    },
    passes: noPasses,
    aws: NO_AWS,
    ...{ host: '127.0.0.1', isProxyTrusted: false, isInsecureAllowed: false, corsOrigins: [], publicHosts: [] },
    unreadiness: () => reason,
    signal: new AbortController().signal,
  });
  return { app, lines };
}

describe('the server', () => {
  it('says at /healthz that the process runs, even before it is ready', async () => {
    const reply = await setUp('The archive is gone.').app.request('/healthz');
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ status: 'ok' });
  });

  it('says at /readyz that it can answer', async () => {
    const reply = await setUp().app.request('/readyz');
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ status: 'ok' });
  });

  it('says at /readyz, as problem details, why it cannot answer', async () => {
    const reply = await setUp('The archive is gone.').app.request('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(await reply.json()).toEqual({
      type: 'about:blank',
      title: 'Not ready',
      status: 503,
      detail: 'The archive is gone.',
    });
  });

  it('answers an unknown path with problem details that say where to look', async () => {
    const reply = await setUp().app.request('/v1/nothing?x=1');
    expect(reply.status).toBe(404);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(await reply.json()).toMatchObject({
      status: 404,
      detail: 'There is nothing at GET /v1/nothing. /openapi.json and /docs list what there is.',
    });
  });

  it('logs an unexpected error in full, and gives the caller only a fixed sentence', async () => {
    const { app, lines } = setUp();
    app.get('/fails', () => {
      throw new Error('a secret of the inside');
    });
    const reply = await app.request('/fails');
    expect(reply.status).toBe(500);
    expect(await reply.json()).toEqual({
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'The request failed; the reason is in the log.',
    });
    expect(lines).toHaveLength(1);
    const logged = JSON.parse(lines[0] ?? '');
    expect(logged).toMatchObject({ path: '/fails', err: { message: 'a secret of the inside' } });
    expect(logged.err.stack).toContain('app.test.ts');
  });
});

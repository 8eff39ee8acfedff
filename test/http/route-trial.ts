import { randomUUID } from 'node:crypto';
import { createApp } from '../../src/http/app.ts';
import { accessTrial } from '../access/access-trial.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { memoryLog } from '../memory-log.ts';
import { NO_AWS, NO_REPORTS, neverIssued } from './no-readers.ts';

/** A route of the app, and an address that leads to it. */
export interface Route {
  method: string;
  path: string;
  at: string;
}

/** The app, each of its routes once, and the questions that its readers were asked. No reader answers. */
export function routeTrial() {
  const asked: string[] = [];
  const note = (...question: unknown[]) => {
    // The first two arguments are the question; the others say who asks.
    asked.push(JSON.stringify(question.slice(0, 2)));
    return Promise.reject(new Error('The readers of this test never answer.'));
  };
  const readers = { read: note, stream: note, gather: note, renew() {}, close: () => Promise.resolve() };
  const { authDb, accessDb, now, random } = accessTrial();
  const app = createApp({
    ...{ log: memoryLog().log, now, random, newId: randomUUID, authDb, accessDb },
    api: {
      ...{ archive: tempArchive().sqlite, readers, reports: NO_REPORTS, now },
      sql: { pool: readers, deadlineMs: 1000, memoryBytes: 0, maxRows: 100_000, maxBytes: 1 },
      ...{ issueCertificate: neverIssued, makeEvidence: note },
      ...{ settlingMs: 0, configured: { accounts: [], regions: [] }, readDeadlineMs: 1000, exportDeadlineMs: 1000 },
    },
    passes: {
      start() {
        throw new Error('This test starts no passes.');
      },
      get: () => undefined,
      follow: () => () => {},
    },
    aws: NO_AWS,
    ...{ host: '127.0.0.1', isProxyTrusted: false, isInsecureAllowed: false, corsOrigins: [], publicHosts: [] },
    unreadiness: () => undefined,
    signal: new AbortController().signal,
  });
  const routes = new Map<string, Route>();
  for (const { method, path } of app.routes)
    if (method !== 'ALL') routes.set(`${method} ${path}`, { method, path, at: pathOf(path) });
  return { app, asked, routes: [...routes.values()] };
}

function pathOf(route: string): string {
  return route
    .replace('/reports/:name', '/reports/what-ran')
    .replace('/tile/entries/:index{.+}', '/tile/entries/000')
    .replaceAll(/:\w+(\{[^}]*\})?/g, '1');
}

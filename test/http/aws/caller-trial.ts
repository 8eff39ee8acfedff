import { createAccessKey } from '../../../src/access/tokens/create-access-key.ts';
import { createApp } from '../../../src/http/app.ts';
import type { Scope } from '../../../src/http/aws/command-history.ts';
import { accessTrial } from '../../access/access-trial.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { NO_AWS, NO_READERS, NO_REPORTS, NO_SQL, neverIssued } from '../no-readers.ts';
import { type Signing, signedRequest } from './signed-request.ts';

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

/** The app, with a history that returns no items and records which account was asked for. */
export function callerTrial(
  accounts: readonly string[] = [ACCOUNT, OTHER],
  { host = '127.0.0.1', isInsecureAllowed = false } = {},
) {
  const trial = accessTrial();
  const { authDb, accessDb, now, random } = trial;
  const asked: Scope[] = [];
  const page = (scope: Scope) => {
    asked.push(scope);
    return { items: [], coverage: 'complete' };
  };
  const deadlines = {
    settlingMs: 0,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 0,
    exportDeadlineMs: 0,
  };
  const app = createApp({
    ...{ log: memoryLog().log, now, random, newId: () => 'id', authDb, accessDb, corsOrigins: [], publicHosts: [] },
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
    aws: {
      history: { ...NO_AWS.history, listInvocations: page, listCommands: page },
      accounts: () => [...accounts],
    },
    passes: {
      start() {
        throw new Error('This test starts no passes.');
      },
      get: () => undefined,
      follow: () => () => {},
    },
    ...{ host, isInsecureAllowed, isProxyTrusted: false },
    unreadiness: () => undefined,
    signal: new AbortController().signal,
  });
  const key = (more: Partial<Parameters<typeof createAccessKey>[1]> = {}) =>
    createAccessKey(trial.deps, {
      ...{ name: 'reports', role: 'reader', expiresAt: undefined, accounts: [ACCOUNT], regions: undefined },
      ...more,
    });
  const ask = async (request: Request) => {
    const reply = await app.request(request);
    const text = await reply.text();
    const { __type: code, message } = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: reply.status, code, message, text };
  };
  const sign = (keyed: { accessKeyId: string; secretAccessKey: string }, more: Partial<Signing> = {}) =>
    signedRequest({
      ...{ accessKeyId: keyed.accessKeyId, secretAccessKey: keyed.secretAccessKey, date: now() },
      ...more,
    });
  return { ...trial, app, asked, key, ask, sign };
}

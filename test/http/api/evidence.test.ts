import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
await api.record(
  Array.from({ length: 6 }, (_, n) => ({
    ...{ CommandId: `c-${n}`, RequestedDateTime: Date.parse(`2026-03-0${n + 1}T12:00:00Z`) / 1000 },
    ...(n % 2 === 0 && { Status: 'Failed', StatusDetails: 'Failed' }),
  })),
);
const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));
const SPAN = 'requestedAfter=2026-03-01&requestedBefore=2026-03-05';

/** Files that exist beside the archive while a pack is made. */
const leftovers = () => readdirSync(dirname(api.reportsFile)).filter((name) => name.startsWith('.evidence-'));

async function pack(query: string): Promise<string> {
  const reply = await api.app.request(`/v1/evidence?${query}`);
  expect(reply.status).toBe(200);
  const bytes = Buffer.from(await reply.arrayBuffer());
  expect(reply.headers.get('content-length')).toBe(String(bytes.length));
  const path = join(folder, `${readdirSync(folder).length}.zip`);
  writeFileSync(path, bytes);
  return path;
}

describe('GET /v1/evidence', () => {
  it('returns a pack that can be verified and has exactly what was asked for', async () => {
    expect(await verifyEvidence(await pack(SPAN), [])).toMatchObject({ verdict: 'consistent', rows: 4, states: 4 });
    expect(await verifyEvidence(await pack(`${SPAN}&q=done&instanceName=web`), [])).toMatchObject({
      rows: 4,
      states: 4,
    });
    const failed = await pack(`${SPAN}&status=Failed`);
    expect(await verifyEvidence(failed, [])).toMatchObject({ verdict: 'consistent', rows: 2, states: 2 });
    await expect.poll(leftovers).toEqual([]);
  });

  it('returns an empty pack only if the caller allows it', async () => {
    for (const filter of [
      'q=nothing',
      'status=Cancelled',
      'account=999999999999&allowUnseen=true',
      'documentName=AWS-RunPatchBaselin&allowUnseen=true',
    ]) {
      expect(await api.problem(`/v1/evidence?${SPAN}&${filter}`, 404)).toMatchObject({
        title: 'Nothing to prove',
        detail: expect.stringMatching(
          /^No pack was made: .*allowEmpty=true .*only where coverage is complete\. Looked at what was requested from .*: .*\.$/,
        ),
      });
      const empty = await pack(`${SPAN}&${filter}&allowEmpty=true`);
      expect(await verifyEvidence(empty, [])).toMatchObject({ verdict: 'consistent', rows: 0, isEmpty: true });
    }
    await expect.poll(leftovers).toEqual([]);
  });

  it('names values that the archive has never seen, proposes similar ones, and makes a pack only if the caller allows it', async () => {
    const filter = `${SPAN}&documentName=AWS-RunShelScript&allowEmpty=true`;
    const neverSeen = [{ filter: 'documentName', value: 'AWS-RunShelScript', near: ['AWS-RunShellScript'] }];
    expect(await api.problem(`/v1/evidence?${filter}`, 404)).toMatchObject({
      title: 'Never seen',
      detail: expect.stringMatching(/^No pack was made: documentName "AWS-RunShelScript": .*\? Use allowUnseen=true /),
      neverSeen,
    });
    const { verdict, neverSeen: told } = await verifyEvidence(await pack(`${filter}&allowUnseen=true`), []);
    expect([verdict, told]).toEqual(['consistent', [{ filter: 'documentName', value: 'AWS-RunShelScript' }]]);
    await expect.poll(leftovers).toEqual([]);
  });

  it('returns a redacted pack', async () => {
    for (const redact of ['all', 'Parameters,Sender,OtherMembers'])
      expect(await verifyEvidence(await pack(`${SPAN}&redact=${redact}`), [])).toMatchObject({
        ...{ verdict: 'consistent', rows: 4, commands: 4, unprovenCommands: 0 },
      });
  });

  it('says what is wrong with a request before it makes anything', async () => {
    expect(faultsOf(await api.problem('/v1/evidence', 400))).toEqual({
      requestedAfter: 'is needed, because an evidence pack is about a span',
      requestedBefore: 'is needed, because an evidence pack is about a span',
    });
    const turned = await api.problem('/v1/evidence?requestedAfter=2026-03-02&requestedBefore=2026-03-01', 400);
    expect(faultsOf(turned)).toEqual({
      requestedBefore: expect.stringMatching(/^must be later than requestedAfter: requestedAfter is 2026-03-02/),
    });
    expect(faultsOf(await api.problem(`/v1/evidence?${SPAN}&redact=Everything`, 400)).redact).toMatch(
      /^accepts .*Output.* and all, not "Everything"/,
    );
  });

  it('makes several packs one after another, and refuses requests if too many are waiting', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => api.app.request(`/v1/evidence?${SPAN}`)));
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    for (const reply of replies) await reply.body?.cancel();
    await expect.poll(leftovers).toEqual([]);
  });

  it('leaves nothing behind if the client goes away', async () => {
    const leaving = new AbortController();
    const asked = api.app.request(`/v1/evidence?${SPAN}`, { signal: leaving.signal });
    await expect.poll(leftovers).toHaveLength(1);
    leaving.abort();
    expect((await asked).status).toBe(503);
    expect(leftovers()).toEqual([]);
    expect(existsSync(api.reportsFile)).toBe(false);
  });
});

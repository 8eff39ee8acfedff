import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { endSource } from '../../../src/archive/coverage/sources/end-source.ts';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { beginRun, finishRun, recordRunSource } from '../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { daysAgo, NOW_MS, target } from '../../archive/archive-with-passes.ts';
import { repacked, unpacked } from '../../archive/evidence/pack-trial.ts';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { apiTrial } from './api-trial.ts';

const api = apiTrial();
const ERROR = 'AccessDenied: not authorized to perform sts:AssumeRole.';
const SETTLED_DAYS = 900_000 / DAY_MS;
const SPAN = `from=${daysAgo(10)}&to=${daysAgo(3)}`;

/** One account and region that is collected completely, and a source to which the service never gave an answer. */
beforeAll(async () => {
  const { db } = api;
  await api.record([{ RequestedDateTime: (NOW_MS - 5 * DAY_MS) / 1000 }]);
  noteOwed(db.sqlite, [{ alias: 'good', ...SOURCE }, { alias: 'denied' }], { at: daysAgo(20) });
  const runId = beginRun(db.sqlite, { startedAt: daysAgo(0.1), collector: 'here:1' });
  const id = beginSweep(db.sqlite, {
    runId,
    source: SOURCE,
    target: target(50, SETTLED_DAYS),
    startedAt: daysAgo(0.1),
  });
  const spans = [{ from: NOW_MS - 50 * DAY_MS, to: NOW_MS - 900_000 }];
  finishSweep(db.sqlite, id, {
    ...{ outcome: 'complete', finishedAt: daysAgo(0), tally: emptyTally(), covered: { source: SOURCE, spans } },
  });
  const ended = { ...emptyTally(), clockSkewMs: null, startedAt: daysAgo(0.1), finishedAt: daysAgo(0) };
  recordRunSource(db.sqlite, runId, { ...ended, ...SOURCE, alias: 'good', outcome: 'complete', error: null });
  recordRunSource(db.sqlite, runId, {
    ...ended,
    alias: 'denied',
    region: '',
    accountId: null,
    outcome: 'failed',
    error: ERROR,
  });
  finishRun(db.sqlite, runId, { finishedAt: daysAgo(0), outcome: 'failed' });
});

describe('while a source with an unknown account is missing', () => {
  it('coverage is incomplete, both for one account and region and for all together, and the answer names the source', async () => {
    for (const query of ['', `?${SPAN}`, `?account=${SOURCE.accountId}&region=${SOURCE.region}`]) {
      const { complete, items } = await api.json(`/v1/coverage${query}`);
      expect([query, complete]).toEqual([query, false]);
      expect(items).toMatchObject([
        { ...SOURCE, isComplete: true },
        { alias: 'denied', accountId: null, region: null, isComplete: false, sinceAt: daysAgo(20) },
      ]);
      expect(JSON.stringify(items)).toContain(ERROR);
    }
  });

  it('the gap in coverage begins with the oldest day that the service still listed when the source became owed', async () => {
    const { items } = await api.list('/v1/coverage');
    expect(items.at(-1)?.gaps).toMatchObject([
      { from: daysAgo(50), to: daysAgo(30), isForgotten: true },
      { from: daysAgo(30), to: daysAgo(SETTLED_DAYS), isForgotten: false },
    ]);
    const before = await api.json(`/v1/coverage?from=${daysAgo(60)}&to=${daysAgo(50)}`);
    expect(JSON.stringify(before)).not.toContain('denied');
  });

  it('the signed certificate is not complete, and names the source', async () => {
    const { certificate, note } = await api.json(`/v1/coverage/certificate?${SPAN}`);
    expect(certificate).toMatchObject({
      complete: false,
      places: [{ ...SOURCE, complete: true }],
      missing: [{ alias: 'denied', accountId: null, region: null, gaps: [{ from: daysAgo(10), to: daysAgo(3) }] }],
    });
    expect(note).toContain('"complete":false,"issuedAt"');
  });

  it('an evidence pack names the source in its index, its guide and its certificate', async () => {
    const query = `requestedAfter=${daysAgo(10)}&requestedBefore=${daysAgo(3)}`;
    const reply = await api.ask(`/v1/evidence?${query}`);
    expect(reply.status).toBe(200);
    const path = join(tempFolder(), 'pack.zip');
    writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
    const folder = await unpacked(path);
    for (const name of ['index.html', 'VERIFY.md'])
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(
        /Missing, .*alias denied, .*Owed since \S+, and never collected/,
      );
    const certificate = join(folder, 'coverage-certificate');
    const said = readFileSync(certificate, 'utf8');
    expect(said).toContain('"alias":"denied"');
    expect((await verifyEvidence(path, [])).faults).toEqual([]);
    writeFileSync(certificate, said.replace(/"missing":\[.*?\],"origin"/, '"missing":[],"origin"'));
    expect((await verifyEvidence(await repacked(folder), [])).faults.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^coverage-certificate is not signed by the key of the pack/),
    );
  });

  it('the metrics have the series that an alert needs', async () => {
    const text = await (await api.app.request('/metrics')).text();
    const good = `source="good",account="${SOURCE.accountId}",region="${SOURCE.region}"`;
    expect(text).toContain('ssm_archive_source_missing{source="denied",account="",region=""} 1\n');
    expect(text).toContain(`ssm_archive_source_missing{${good}} 0\n`);
    expect(text).toContain('ssm_archive_source_last_pass_complete{source="denied",account="",region=""} 0\n');
    expect(text).toContain(`ssm_archive_source_last_pass_complete{${good}} 1\n`);
    expect(text).toMatch(
      /ssm_archive_uncollected_soon_forgotten_seconds\{source="denied",account="",region=""\} [1-9]/,
    );
  });

  it('the AWS endpoint says that coverage is incomplete, with the span as a gap and the number of missing sources', async () => {
    const reply = await api.app.request('/', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.ListCommandInvocations',
        authorization: `AWS4-HMAC-SHA256 Credential=${SOURCE.accountId}/20260331/${SOURCE.region}/ssm/aws4_request, SignedHeaders=host, Signature=0`,
        'x-amz-date': '20260331T120000Z',
      },
      body: JSON.stringify({
        Filters: [
          { key: 'InvokedAfter', value: daysAgo(10) },
          { key: 'InvokedBefore', value: daysAgo(3) },
        ],
      }),
    });
    expect(reply.headers.get('x-ssm-archive-coverage')).toBe(
      `incomplete; gaps=${daysAgo(10)}/${daysAgo(3)}; missing-sources=1; spread-ms=172800000`,
    );
  });

  it('the list of sources has the source, and the report of gaps has its error', async () => {
    const { items } = await api.list('/v1/sources');
    expect(items.at(-1)).toMatchObject({ accountId: null, alias: 'denied', lastOutcome: 'failed', lastError: ERROR });
    const { columns, rows } = await api.json(`/v1/reports/coverage-gaps?from=${daysAgo(10)}&to=${daysAgo(3)}`);
    expect(JSON.stringify(columns)).toContain('missing_source');
    expect(rows).toEqual([[null, null, daysAgo(10), daysAgo(3), 168, ERROR, 'missing', 'denied']]);
    const { rows: missing } = await api.json('/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT alias, account_id, region, since_at, last_error FROM missing_sources' }),
    });
    expect(missing).toEqual([['denied', null, null, daysAgo(20), ERROR]]);
  });

  it('the console names the source, and its coverage page says what is about to be lost', async () => {
    const overview = await (await api.app.request('/')).text();
    expect(overview).toMatch(/1 of 2 not complete/);
    expect(overview).toMatch(/missing: denied/);
    expect(overview).toMatch(/About to be lost/);
    const coverage = await (await api.app.request('/coverage')).text();
    expect(coverage).toMatch(/Missing since/);
    expect(coverage).toContain('AccessDenied');
    expect(coverage).toMatch(/The service forgets this within 72 hours/);
  });
});

describe('once the source is ended', () => {
  it('coverage is complete again, except for the time while the source was owed', async () => {
    endSource(api.db.sqlite, { alias: 'denied', at: daysAgo(1), by: 'me' });
    expect(await api.json('/v1/coverage')).toMatchObject({ complete: true });
    expect(await api.json(`/v1/coverage?${SPAN}`)).toMatchObject({ complete: false });
    expect(await api.json(`/v1/coverage/certificate?${SPAN}`)).toMatchObject({
      certificate: { complete: false, missing: [{ alias: 'denied' }] },
    });
    expect(await (await api.app.request('/metrics')).text()).not.toContain('source="denied"');
  });
});

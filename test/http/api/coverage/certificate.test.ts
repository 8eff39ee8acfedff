import { describe, expect, it } from 'vitest';
import { beginRun } from '../../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../../src/archive/record/record-sweep.ts';
import { parseVerifierKey } from '../../../../src/ledger/notes/note-key.ts';
import { openNote } from '../../../../src/ledger/notes/signed-note.ts';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { emptyTally } from '../../../../src/model/coverage/counters.ts';
import { daysAgo, NOW_MS, target } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
const runId = beginRun(api.db.sqlite, { startedAt: daysAgo(0.1), collector: 'here:1' });
const id = beginSweep(api.db.sqlite, { runId, source: SOURCE, target: target(20, 1), startedAt: daysAgo(0.1) });
finishSweep(api.db.sqlite, id, {
  ...{ outcome: 'complete', finishedAt: daysAgo(0.05), tally: emptyTally() },
  requestIds: ['first', 'second'],
  covered: { source: SOURCE, spans: [{ from: NOW_MS - 20 * DAY_MS, to: NOW_MS - DAY_MS }] },
});
const SPAN = `from=${daysAgo(10)}&to=${daysAgo(3)}`;
const PATH = `/v1/coverage/certificate?${SPAN}`;

/** The text of the note, verified with the key that the ledger names, as an auditor does it. */
function opened(note: unknown): { header: string; certificate: unknown } {
  const key = api.db.sqlite
    .prepare<[], string>("SELECT entry_json ->> '$.verifierKey' FROM ledger_entries WHERE kind = 'key'")
    .pluck()
    .get();
  const [header = '', json = ''] = openNote(String(note), [parseVerifierKey(key ?? '')]).text.split('\n');
  return { header, certificate: JSON.parse(json) };
}

describe('GET /v1/coverage/certificate', () => {
  it('returns the certificate, and a signed note that says the same', async () => {
    const { certificate, note } = await api.json(PATH);
    expect(certificate).toMatchObject({
      complete: true,
      places: [
        { ...SOURCE, complete: true, gaps: [], sweeps: [{ id, outcome: 'complete', requestIds: ['first', 'second'] }] },
      ],
    });
    expect(opened(note)).toEqual({ header: 'ssm-archive/coverage-certificate v1', certificate });
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/coverage/certificate', rows: 1, outcome: 'complete' });
  });

  it('returns only the note if text is asked for, by the Accept header or by `format`', async () => {
    const byHeader = await api.ask(PATH, { headers: { accept: 'text/plain' } });
    expect(byHeader.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const note = await byHeader.text();
    expect(opened(note).certificate).toMatchObject({ complete: true });
    const headers = { accept: 'application/json' };
    expect(await (await api.ask(`${PATH}&format=note`, { headers })).text()).toBe(note);
  });

  it('returns a certificate with the newest checkpoint, in which the certificate’s sweeps can be proven', async () => {
    const { certificate } = await api.json(PATH);
    const { items } = await api.list('/v1/ledger/checkpoints?limit=1');
    expect(certificate).toMatchObject({ checkpoint: { size: items[0]?.size, madeAt: items[0]?.madeAt } });
    const [, leaf] = /"leaf":(\d+)/.exec(JSON.stringify(certificate)) ?? [];
    const proof = await api.json(`/v1/ledger/proof?leaf=${leaf}`);
    expect(certificate).toMatchObject({ checkpoint: { size: proof.size, root: proof.root } });
  });

  it('returns 404 for an account that the archive does not know, and signs no checkpoint', async () => {
    const { size } = (await api.list('/v1/ledger/checkpoints?limit=1')).items[0] ?? {};
    expect(await api.problem(`${PATH}&account=000000000000`, 404)).toMatchObject({
      title: 'Nothing to certify',
      detail: expect.stringMatching(/^Nothing is certified: .*of account 000000000000 /),
    });
    expect((await api.list('/v1/ledger/checkpoints?limit=1')).items[0]).toMatchObject({ size });
  });

  it('names the parameters that are wrong', async () => {
    const wrong = await api.problem('/v1/coverage/certificate?from=2026-03-02&to=2026-03-02', 400);
    expect(faultsOf(wrong)).toEqual({ to: expect.stringContaining('must be later than from: from is ') });
    expect(faultsOf(await api.problem(`${PATH}&format=pdf`, 400))).toHaveProperty('format');
  });
});

describe('after a token was made', () => {
  it('every reader may use all routes of the ledger, and nobody may use them without a token', async () => {
    const headers = { authorization: `Bearer ${api.makeToken('reader')}` };
    for (const path of [
      ...[PATH, '/v1/ledger/checkpoint', '/v1/ledger/checkpoints', '/v1/ledger/entries', '/v1/ledger/proof?leaf=0'],
      ...['/v1/ledger/consistency?from=1', '/v1/ledger/tile/0/000.p/1', '/v1/ledger/tile/entries/000.p/1'],
    ]) {
      expect([path, (await api.ask(path)).status]).toEqual([path, 401]);
      expect([path, (await api.ask(path, { headers })).status]).toEqual([path, 200]);
    }
  });
});

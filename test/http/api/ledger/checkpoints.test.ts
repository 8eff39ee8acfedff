import { describe, expect, it } from 'vitest';
import { keepCosignature } from '../../../../src/archive/checkpoints/keep-cosignature.ts';
import { type MadeCheckpoint, newestCheckpoint } from '../../../../src/archive/checkpoints/make-checkpoint.ts';
import { parseVerifierKey } from '../../../../src/ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../../src/ledger/notes/signed-note.ts';
import { NOW_MS } from '../../../archive/archive-with-passes.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
const before = await api.problem('/v1/ledger/checkpoint', 404);
const made: MadeCheckpoint[] = [];
for (const n of [1, 2, 3]) {
  await api.record([{ CommandId: `c-${n}` }]);
  made.unshift(api.checkpoint(new Date(NOW_MS + n)));
}

describe('GET /v1/ledger/checkpoint', () => {
  it('returns 404 before the first checkpoint was made', () => {
    expect(before.detail).toContain('There is no checkpoint yet');
  });

  it('returns the newest checkpoint, byte for byte, and 304 to a client that already has it', async () => {
    const reply = await api.ask('/v1/ledger/checkpoint');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await reply.text()).toBe(newestCheckpoint(api.db.sqlite)?.note);
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/ledger/checkpoint', outcome: 'complete', rows: 1 });
    const etag = reply.headers.get('etag') ?? '';
    expect((await api.ask('/v1/ledger/checkpoint', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('returns a checkpoint that can be verified with the key that the ledger names', async () => {
    const note = await (await api.ask('/v1/ledger/checkpoint')).text();
    const key = api.db.sqlite
      .prepare<[], string>("SELECT entry_json ->> '$.verifierKey' FROM ledger_entries WHERE kind = 'key'")
      .pluck()
      .get();
    expect(openNote(note, [parseVerifierKey(key ?? '')]).text).toContain(`\n${made[0]?.size}\n`);
  });

  it('refuses parameters', async () => {
    expect(faultsOf(await api.problem('/v1/ledger/checkpoint?size=1', 400))).toHaveProperty('size');
  });
});

describe('GET /v1/ledger/checkpoints', () => {
  it('lists all checkpoints, the newest first, on one page or on many', async () => {
    expect((await api.list('/v1/ledger/checkpoints')).items).toEqual(made);
    expect(await api.walk('/v1/ledger/checkpoints?limit=1')).toEqual(made);
    expect(await api.walk('/v1/ledger/checkpoints?limit=2')).toEqual(made);
    expect(faultsOf(await api.problem('/v1/ledger/checkpoints?cursor=x', 400))).toHaveProperty('cursor');
  });

  it('returns NDJSON and CSV too', async () => {
    const lines = (await (await api.ask('/v1/ledger/checkpoints?format=ndjson')).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(made);
    const csv = await (await api.ask('/v1/ledger/checkpoints', { headers: { accept: 'text/csv' } })).text();
    expect(csv).toMatch(/^size,madeAt,note\r\n/);
    // A line of a note that begins with a plus sign gets an apostrophe, as every line of a text does.
    expect(csv.replaceAll(/^'(?=[+-])/gm, '')).toContain(made[2]?.note);
  });
});

describe('the signature of a witness', () => {
  it('follows the archive’s own signature wherever the checkpoint is shown', async () => {
    const [newest] = made;
    const size = newest?.size ?? 0;
    const signatures = ['— w1 AAAAAAE=', '— w2 AAAAAAI='];
    for (const [n, signature] of signatures.entries())
      keepCosignature(api.db.sqlite, { size, witness: `w${n + 1}`, signature });
    const note = `${newest?.note}${signatures.join('\n')}\n`;
    expect(
      parseNote(note)
        .signatures.map(({ name }) => name)
        .slice(1),
    ).toEqual(['w1', 'w2']);
    expect(await (await api.ask('/v1/ledger/checkpoint')).text()).toBe(note);
    expect((await api.list('/v1/ledger/checkpoints')).items).toEqual([{ ...newest, note }, ...made.slice(1)]);
    expect(await api.json('/v1/ledger/proof?leaf=0')).toMatchObject({ checkpoint: note });
    expect(await api.json('/v1/ledger/consistency?from=1')).toMatchObject({ checkpoint: note });
  });
});

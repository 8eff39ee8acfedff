import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { parseCheckpoint } from '../../../src/ledger/notes/checkpoint.ts';
import { parseNote } from '../../../src/ledger/notes/signed-note.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../../src/ledger/tree/root-of-inclusion.ts';
import { verifyConsistency } from '../../../src/ledger/tree/verify-consistency.ts';
import { page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
const early = api.checkpoint();
const record = createSingleReplyRecorder(api.db.sqlite);
for (let n = 0; n < 30; n++) {
  record(page(Array.from({ length: 20 }, (_, i) => rawInvocation({ CommandId: `c-${n}`, InstanceId: `i-${i}` }))));
}
const signed = api.checkpoint();
record(page([rawInvocation({ CommandId: 'c-0', InstanceId: 'i-0', Status: 'Failed' })]));
const size = tileStore(api.db.sqlite).size();
const hash = z.base64().transform((text) => Buffer.from(text, 'base64'));
const leafProof = z.object({
  ...{ leaf: z.int(), size: z.int(), leafHash: hash, root: hash, proof: z.array(hash) },
  checkpoint: z.string().optional(),
});
const growthProof = z.object({
  ...{ from: z.int(), to: z.int(), fromRoot: hash, toRoot: hash, proof: z.array(hash) },
  checkpoint: z.string().optional(),
});

describe('GET /v1/ledger/entries', () => {
  it('returns each leaf with the text that was hashed, on one page or on many', async () => {
    const all = await api.walk('/v1/ledger/entries?limit=256');
    expect(all.map(({ leaf }) => leaf)).toEqual(Array.from({ length: size }, (_, n) => n));
    for (const { hash: of, entry } of all) expect(hashLeaf(String(entry)).toString('hex')).toBe(of);
    expect(await api.walk('/v1/ledger/entries?limit=97')).toEqual(all);
    expect((await api.list('/v1/ledger/entries?from=300&limit=2')).items).toEqual(all.slice(300, 302));
    expect((await api.list(`/v1/ledger/entries?from=${size}`)).items).toEqual([]);
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/ledger/entries', rows: 0 });
  });

  it('returns all leaves from a given leaf to the last as NDJSON', async () => {
    const text = await (await api.ask('/v1/ledger/entries?from=10&format=ndjson')).text();
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(size - 10);
    expect(JSON.parse(lines[0] ?? '')).toEqual((await api.list('/v1/ledger/entries?from=10&limit=1')).items[0]);
  });

  it('names the parameters that are wrong', async () => {
    const faults = faultsOf(await api.problem('/v1/ledger/entries?from=-1&limit=257', 400));
    expect(Object.keys(faults).sort()).toEqual(['from', 'limit']);
  });
});

describe('GET /v1/ledger/proof', () => {
  it('proves that a revision is in the newest checkpoint, which is signed', async () => {
    const path = `/v1/invocations/${SOURCE.accountId}/${SOURCE.region}/c-7/i-3/revisions`;
    const { leaf } = (await api.list(path)).items[0] ?? {};
    const found = leafProof.parse(await api.json(`/v1/ledger/proof?leaf=${leaf}`));
    expect([found.size, found.checkpoint]).toEqual([signed.size, signed.note]);
    const [item] = (await api.list(`/v1/ledger/entries?from=${leaf}&limit=1`)).items;
    expect(hashLeaf(String(item?.entry))).toEqual(found.leafHash);
    const root = rootOfInclusion(found.leafHash, found.leaf, found.size, found.proof);
    expect(root).toEqual(found.root);
    expect(root).toEqual(parseCheckpoint(parseNote(found.checkpoint ?? '').text).root);
  });

  it('returns a proof for any size that the ledger had', async () => {
    const found = leafProof.parse(await api.json(`/v1/ledger/proof?leaf=${size - 1}&size=${size}`));
    expect(rootOfInclusion(found.leafHash, found.leaf, found.size, found.proof)).toEqual(found.root);
    expect(found.checkpoint).toBeUndefined();
    const first = leafProof.parse(await api.json('/v1/ledger/proof?leaf=0&size=1'));
    expect([first.proof, first.root]).toEqual([[], first.leafHash]);
  });

  it.each([
    ['', 'leaf'],
    ['leaf=-1', 'leaf'],
    ['leaf=5&size=5', 'leaf'],
    ['leaf=5&size=x', 'size'],
    ['leaf=5&root=x', 'root'],
  ])('returns 400 for "%s", and names %s as wrong', async (query, field) => {
    expect(faultsOf(await api.problem(`/v1/ledger/proof?${query}`, 400))).toHaveProperty(field);
  });

  it('returns 404 for leaves that the ledger, or the newest checkpoint, does not have', async () => {
    const beyond = await api.problem(`/v1/ledger/proof?leaf=0&size=${size + 1}`, 404);
    expect(beyond.detail).toBe(`The ledger has only ${size} leaves, not ${size + 1}.`);
    const unsigned = await api.problem(`/v1/ledger/proof?leaf=${signed.size}`, 404);
    expect(unsigned.detail).toBe(`There is no leaf ${signed.size} in a tree of ${signed.size} leaves.`);
  });
});

describe('GET /v1/ledger/consistency', () => {
  it('proves that the ledger of one checkpoint begins with the ledger of another', async () => {
    const found = growthProof.parse(await api.json(`/v1/ledger/consistency?from=${early.size}`));
    expect([found.to, found.checkpoint]).toEqual([signed.size, signed.note]);
    expect(found.fromRoot).toEqual(parseCheckpoint(parseNote(early.note).text).root);
    const { from, to, fromRoot, toRoot, proof } = found;
    expect(verifyConsistency({ from, to, fromRoot, toRoot, proof })).toBe(true);
  });

  it('returns an empty proof between an empty ledger and another one, or between equal ones', async () => {
    expect(await api.json(`/v1/ledger/consistency?from=0&to=${size}`)).toMatchObject({ proof: [] });
    expect(await api.json(`/v1/ledger/consistency?from=${size}&to=${size}`)).toMatchObject({ proof: [] });
  });

  it('names the parameters that are wrong, and says if the ledger or its newest checkpoint never had the requested size', async () => {
    expect(faultsOf(await api.problem('/v1/ledger/consistency', 400))).toHaveProperty('from');
    expect(faultsOf(await api.problem('/v1/ledger/consistency?from=6&to=5', 400))).toHaveProperty('from');
    expect((await api.problem(`/v1/ledger/consistency?from=1&to=${size + 1}`, 404)).detail).toContain(`${size} leaves`);
    expect((await api.problem(`/v1/ledger/consistency?from=${signed.size + 1}`, 404)).detail).toContain(
      'does not contain a tree of',
    );
  });
});

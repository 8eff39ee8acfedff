import { describe, expect, it } from 'vitest';
import { createSenderRecorder } from '../../../../src/archive/record/record-senders.ts';
import { tileStore } from '../../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../../src/ledger/tree/hash-leaf.ts';
import { perfectRoot } from '../../../../src/ledger/tree/perfect-root.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
for (let n = 0; n < 6; n++) {
  await api.record(Array.from({ length: 50 }, (_, i) => ({ CommandId: `c-${n}`, InstanceId: `i-${i}` })));
}
createSenderRecorder(api.db.sqlite)([
  {
    ...{
      accountId: '012345678901',
      region: 'eu-west-1',
      commandId: 'c-0',
      eventId: 'e',
      eventAt: '2026-03-01T09:30:00.000Z',
    },
    ...{ principalType: null, principalArn: null, principalId: null, sessionIssuerArn: null, invokedBy: null },
    ...{ sourceIpAddress: null, userAgent: 'x'.repeat(70_000), isMfaAuthenticated: null },
  },
]);
const size = tileStore(api.db.sqlite).size();
const width = size - 256;
const bytesOf = async (path: string) => {
  const reply = await api.ask(path);
  expect([path, reply.status]).toEqual([path, 200]);
  expect(reply.headers.get('content-type')).toBe('application/octet-stream');
  return Buffer.from(await reply.arrayBuffer());
};

/** Reads the entries of a bundle as the specification describes, without the archive's own code. */
function unbundled(bytes: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

describe('GET /v1/ledger/tile/{level}/{index}', () => {
  it('returns a full tile, which never changes', async () => {
    const reply = await api.ask('/v1/ledger/tile/0/000');
    expect(reply.headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(tileStore(api.db.sqlite).read(0, 0));
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/ledger/tile/0/000', outcome: 'complete', rows: 256 });
    const headers = { 'if-none-match': reply.headers.get('etag') ?? '' };
    expect((await api.ask('/v1/ledger/tile/0/000', { headers })).status).toBe(304);
    expect(await bytesOf('/v1/ledger/tile/1/000.p/1')).toEqual(
      perfectRoot(tileStore(api.db.sqlite).read(0, 0) ?? Buffer.alloc(0)),
    );
  });

  it('returns the last tile, which is not full, at its current width or at a smaller width', async () => {
    const last = await bytesOf(`/v1/ledger/tile/0/001.p/${width}`);
    expect(last).toHaveLength(width * 32);
    expect(await bytesOf('/v1/ledger/tile/0/001.p/7')).toEqual(last.subarray(0, 7 * 32));
    const reply = await api.ask('/v1/ledger/tile/0/001.p/7');
    expect(reply.headers.get('cache-control')).not.toContain('immutable');
    expect(reply.headers.get('etag')).toMatch(/^"/);
  });

  it.each([
    '0/001',
    '0/002',
    `0/001.p/${width + 1}`,
    '0/002.p/1',
    '1/000',
    '1/000.p/2',
    '2/000.p/1',
    '63/x001/x234/067',
  ])('returns 404 for %s, which the ledger does not have', async (path) => {
    expect((await api.problem(`/v1/ledger/tile/${path}`, 404)).detail).toContain(`${size} leaves`);
  });

  it.each([
    ['64/000', 'level'],
    ['x/000', 'level'],
    ['0/0', 'index'],
    ['0/x000/000', 'index'],
    ['0/000.p/256', 'index'],
    ['0/000.p/0', 'index'],
    ['entries/00', 'index'],
    ['0/000?width=3', 'width'],
  ])('returns 400 for %s, and names %s as wrong', async (path, field) => {
    expect(faultsOf(await api.problem(`/v1/ledger/tile/${path}`, 400))).toHaveProperty(field);
  });

  it('accepts only GET', async () => {
    const reply = await api.ask('/v1/ledger/tile/0/x001/000', { method: 'DELETE' });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('GET /v1/ledger/tile/entries/{index}', () => {
  it('returns the entries; their hashes are in the tile of level 0 with the same index', async () => {
    const entries = unbundled(await bytesOf('/v1/ledger/tile/entries/000'));
    expect(entries).toHaveLength(256);
    expect(Buffer.concat(entries.map(hashLeaf))).toEqual(await bytesOf('/v1/ledger/tile/0/000'));
    const some = unbundled(await bytesOf('/v1/ledger/tile/entries/001.p/9'));
    expect(Buffer.concat(some.map(hashLeaf))).toEqual(await bytesOf('/v1/ledger/tile/0/001.p/9'));
  });

  it('says where to get an entry that is too large for a bundle', async () => {
    const problem = await api.problem(`/v1/ledger/tile/entries/001.p/${width}`, 422);
    expect(problem.detail).toMatch(/GET \/v1\/ledger\/entries\?from=\d+&limit=1/);
  });

  it('returns 404 beyond the end of the ledger', async () => {
    await api.problem('/v1/ledger/tile/entries/001', 404);
    await api.problem(`/v1/ledger/tile/entries/001.p/${width + 1}`, 404);
    await api.problem('/v1/ledger/tile/entries/x001/000', 404);
  });
});

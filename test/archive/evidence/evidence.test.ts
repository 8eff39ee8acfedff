import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readLedgerEntries } from '../../../src/archive/checkpoints/read-ledger-entries.ts';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { EvidenceEmpty } from '../../../src/archive/evidence/evidence-empty.ts';
import { EvidenceUnseen } from '../../../src/archive/evidence/unseen/evidence-unseen.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import { openSigner } from '../../../src/ledger/notes/open-signer.ts';
import { openNote } from '../../../src/ledger/notes/signed-note.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { page, rawInvocation } from '../raw-invocation.ts';
import { packed, pruneOutputsOfOne, repacked, resealed, SHARED, unpacked, WITNESS } from './pack-trial.ts';

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

describe('an evidence pack', () => {
  it('has every state of its invocations, their rows and outputs, and can be verified without the archive', async () => {
    const { pack, summary } = await packed();
    expect(summary).toMatchObject({ invocations: 7, states: 9, outputs: 5, byStatus: { Success: 6, Failed: 1 } });
    expect(await verifyEvidence(pack, [])).toMatchObject({
      verdict: 'consistent',
      isGenuine: false,
      faults: [],
      isKeyTrusted: false,
      ...{ states: 9, outputs: 5, rows: 7 },
    });
    const folder = await unpacked(pack);
    const outputs = readdirSync(join(folder, 'outputs')).map((name) =>
      readFileSync(join(folder, 'outputs', name), 'utf8'),
    );
    expect(outputs.sort()).toEqual([SHARED, 'Failed', 'InProgress', 'Pending', 'done\n'].sort());
  });

  it('has the checkpoint with the same cosignatures as in the archive', async () => {
    const { pack, summary } = await packed();
    const note = readFileSync(join(await unpacked(pack), 'checkpoint'), 'utf8');
    const keys = [summary.verifierKey, WITNESS.verifierKey].map(parseVerifierKey);
    expect(openNote(note, keys).verified.map(({ name }) => name)).toEqual([summary.origin, WITNESS.name]);
  });

  it('has only the requested invocations', async () => {
    const { pack, summary } = await packed({ filter: { instanceId: 'i-1' } });
    expect(summary).toMatchObject({ invocations: 1, states: 3 });
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', rows: 1, states: 3 });
  });

  it('may be empty, or be about values that were never seen, only if the caller allows it', async () => {
    const filter = { instanceId: 'i-nobody' };
    await expect(packed({ filter, allowEmpty: true })).rejects.toThrow(EvidenceUnseen);
    await expect(packed({ filter, allowUnseen: true })).rejects.toThrow(EvidenceEmpty);
    const { pack } = await packed({ filter, allowEmpty: true, allowUnseen: true });
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', rows: 0, states: 0, isEmpty: true });
  });

  it('can still be verified without its outputs', async () => {
    const { pack } = await packed({ withoutOutputs: true });
    expect(readdirSync(await unpacked(pack))).not.toContain('outputs');
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', outputs: 5 });
  });

  it('is only genuine if the expected key signed it', async () => {
    const { pack, summary } = await packed();
    expect(await verifyEvidence(pack, [summary.verifierKey])).toMatchObject({ isGenuine: true, isKeyTrusted: true });
    const other = openSigner(join(tempFolder(), 'other.key'), randomBytes).verifierKey;
    expect(await verifyEvidence(pack, [other])).toMatchObject({
      isGenuine: false,
      faults: [{ what: expect.stringContaining('not one of the keys given') }],
    });
  });

  it('shows markup from commands and queries as plain text in its page, and has no invisible text', async () => {
    const folder = await unpacked((await packed({ query: { sql: 'SELECT "<b>"\u202e', params: {} } })).pack);
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<(b|img|script)\b/);
    expect(html).not.toContain('\u202e');
    expect(html).toContain('&lt;b&gt;');
  });

  it('leaves no other file in its folder', async () => {
    const { folder } = await packed();
    expect(readdirSync(folder).filter((name) => name.includes('evidence') || name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a redacted pack', () => {
  const everything = async (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');

  it('contains nothing that was redacted, and can still be verified', async () => {
    const { pack, summary } = await packed({ redacted: ['Output', 'Comment'] });
    const text = await everything(await unpacked(pack));
    expect(text).not.toContain('<img src=x');
    expect(text).not.toContain('half ');
    for (const output of [SHARED, 'Failed', 'InProgress', 'done\n', '']) expect(text).not.toContain(digest(output));
    expect(text).not.toContain('"outputSizeBytes":1');
    expect(text).toContain('"comment":"[redacted]"');
    expect(summary).toMatchObject({ states: 9, withheldStates: 0 });
    const verdict = await verifyEvidence(pack, []);
    expect(verdict).toMatchObject({
      verdict: 'consistent',
      faults: [],
      states: 9,
      rows: 7,
      withheld: 0,
      unprovenRows: 0,
    });
    // More than 10: two steps in each of three states of i-1, one in each of four other states, and the comment of i-7.
    expect(verdict.redacted).toBeGreaterThan(10);
  });

  it('shows everything that was not redacted, just as it was observed', async () => {
    const folder = await unpacked((await packed({ redacted: ['Output'] })).pack);
    expect(readFileSync(join(folder, 'states.ndjson'), 'utf8')).toContain('<img src=x');
    expect(readdirSync(folder)).not.toContain('outputs');
  });

  it('never shows the fingerprint, from which the whole reply could be guessed', async () => {
    const folder = await unpacked((await packed()).pack);
    for (const line of readFileSync(join(folder, 'states.ndjson'), 'utf8').trim().split('\n')) {
      expect(line).toMatch(/\\"fingerprint\\":\{\\"commitment\\"/);
      const { openings } = JSON.parse(line);
      expect(openings.filter(({ value }: { value: string }) => /^"[0-9a-f]{32}"$/.test(value))).toEqual([]);
    }
  });

  it('leaves out states from before commitments existed, and says which rows have no proof', async () => {
    const withoutSalt = (sqlite: Database) => {
      const record = createSingleReplyRecorder(sqlite);
      record(page([rawInvocation({ InstanceId: 'i-8', Comment: 'a secret' })]));
      sqlite.exec('DROP TRIGGER revision_pages_are_not_updated');
      sqlite.prepare('UPDATE revision_pages SET salt = NULL WHERE id = (SELECT max(id) FROM revision_pages)').run();
      const last = sqlite.prepare<[], number>('SELECT max(seq) FROM revisions').pluck().get() ?? 0;
      // Writes the leaf as an older version would.
      const [entry] = readLedgerEntries(sqlite, { from: last - 1, to: last });
      sqlite.exec('DROP TRIGGER ledger_tiles_only_grow');
      const hashes = Buffer.from(tileStore(sqlite).read(0, 0) ?? []);
      hashLeaf(entry?.entry ?? '').copy(hashes, (last - 1) * 32);
      sqlite.prepare('UPDATE ledger_tiles SET hashes = ? WHERE level = 0').run(hashes);
    };
    const { pack, summary } = await packed({ redacted: ['Comment'] }, withoutSalt);
    expect(summary).toMatchObject({ invocations: 8, states: 10, withheldStates: 1 });
    expect(await everything(await unpacked(pack))).not.toContain('a secret');
    expect(await verifyEvidence(pack, [])).toMatchObject({
      verdict: 'consistent',
      withheld: 1,
      unprovenRows: 1,
      rows: 8,
    });
  });

  it.each([
    ['a value that was not observed', (text: string) => text.replace('<img src=x', '<img src=y')],
    ['a wrong salt', (text: string) => text.replace(/"salt":"[0-9a-f]{4}/, '"salt":"0000')],
    ['values in states other than those in which they were observed', (text: string) => swapOpenings(text)],
  ])('is not genuine if it shows %s, even if it is sealed again', async (_, change) => {
    const { pack, keyPath } = await packed();
    const folder = await unpacked(pack);
    edit(join(folder, 'states.ndjson'), change);
    const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), []);
    expect(verdict).toBe('not-genuine');
    expect(faults.map(({ what }) => what).join('\n')).toMatch(/does not match any commitment of its entry/);
  });

  it('is not genuine if its rows show more than its states', async () => {
    const { pack, keyPath } = await packed({ redacted: ['Comment'] });
    const folder = await unpacked(pack);
    edit(join(folder, 'invocations.ndjson'), (text) => text.replace('[redacted]', 'made up'));
    const { faults } = await verifyEvidence(await resealed(folder, keyPath), []);
    expect(faults.map(({ what }) => what).join('\n')).toMatch(/is not the last state/);
  });
});

function swapOpenings(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  [lines[0].openings, lines[1].openings] = [lines[1].openings, lines[0].openings];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

describe('a pack whose outputs were pruned', () => {
  const pruned = () => packed({}, pruneOutputsOfOne);

  it('has the tombstone that proves the pruning, and can be verified', async () => {
    const { pack, summary } = await pruned();
    expect(summary).toMatchObject({ invocations: 7, states: 9, outputs: 2 });
    const folder = await unpacked(pack);
    expect(readFileSync(join(folder, 'tombstones.ndjson'), 'utf8')).toContain('rule 4');
    expect(readFileSync(join(folder, 'invocations.ndjson'), 'utf8')).toContain('"isOutputPruned":true');
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], outputs: 2, rows: 7 });
  });

  it.each([
    [
      'without the tombstone',
      (folder: string) => rmSync(join(folder, 'tombstones.ndjson')),
      /which a state names, is missing/,
    ],
    [
      'with a made-up tombstone',
      (folder: string) => edit(join(folder, 'tombstones.ndjson'), (text) => text.replace('rule 4', 'rule 5')),
      /line 1 of tombstones\.ndjson is not a tombstone of outputs, or is not in the ledger/,
    ],
  ])('%s is no longer genuine', async (_, change, what) => {
    const { pack, keyPath } = await pruned();
    const folder = await unpacked(pack);
    change(folder);
    const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), []);
    expect(verdict).toBe('not-genuine');
    expect(faults.map((fault) => fault.what).join('\n')).toMatch(what);
  });
});

describe('a changed pack', () => {
  it.each([
    [
      'a row',
      'invocations.ndjson',
      '"status":"Failed"',
      '"status":"Success"',
      /invocations\.ndjson is not as it was packed/,
    ],
    ['a sum', 'SHA256SUMS', /^[0-9a-f]/, 'x', /is not a SHA-256 and a name|not the list that SHA256SUMS.note signs/],
    ['the root hash', 'checkpoint', /\n[A-Za-z0-9+/]{4}/, '\nAAAA', /checkpoint is not (as it was packed|signed)/],
    ['the page', 'index.html', 'Evidence', 'evidence', /index\.html is not as it was packed/],
    ['the certificate', 'coverage-certificate', 'certificate v1', 'certificate v2', /coverage-certificate is not/],
    ['the key in PEM form', 'key.pem', /\n[A-Za-z]/, '\nx', /key\.pem is/],
  ])('is not genuine if %s was changed', async (_, name, from, to, what) => {
    const folder = await unpacked((await packed()).pack);
    edit(join(folder, name), (text) => text.replace(from, to));
    const { verdict, faults } = await verifyEvidence(await repacked(folder), []);
    expect(verdict).toBe('not-genuine');
    expect(faults.map((fault) => fault.what).join('\n')).toMatch(what);
  });

  it.each([
    [
      'a row that differs from the last state',
      'invocations.ndjson',
      '"status":"Failed"',
      '"status":"Success"',
      /line 1 of invocations\.ndjson is not the last state/,
    ],
    [
      'a step that differs from the last state',
      'invocations.ndjson',
      '"responseCode":0',
      '"responseCode":1',
      /is not the last state/,
    ],
    [
      'a state that nobody observed',
      'states.ndjson',
      'Pending',
      'Painted',
      /line 1 of states\.ndjson is not in the ledger/,
    ],
    ['a wrong leaf number', 'states.ndjson', '"leaf":1', '"leaf":3', /is not in the ledger/],
  ])('is not genuine if it has %s, even if it is sealed again with the key', async (_, name, from, to, what) => {
    const { pack, keyPath } = await packed();
    const folder = await unpacked(pack);
    edit(join(folder, name), (text) => text.replace(from, to));
    const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), []);
    expect(verdict).toBe('not-genuine');
    expect(faults.map((fault) => fault.what).join('\n')).toMatch(what);
  });

  it('is not genuine if a row, a state or an output was removed, even if it is sealed again', async () => {
    const { pack, keyPath } = await packed();
    const without = async (change: (folder: string) => void) => {
      const folder = await unpacked(pack);
      change(folder);
      return (await verifyEvidence(await resealed(folder, keyPath), [])).faults.map(({ what }) => what).join('\n');
    };
    const dropLine = (name: string) => (folder: string) =>
      edit(join(folder, name), (text) => text.slice(text.indexOf('\n') + 1));
    expect(await without(dropLine('invocations.ndjson'))).toMatch(
      /has no line for \[.*"i-1"\], although there are states of it/,
    );
    expect(
      await without((folder) =>
        edit(join(folder, 'states.ndjson'), (text) => text.split('\n').slice(0, -2).join('\n')),
      ),
    ).toMatch(/which has no state/);
    expect(
      await without((folder) => rmSync(join(folder, 'outputs', readdirSync(join(folder, 'outputs'))[0] ?? ''))),
    ).toMatch(/the output [0-9a-f]{64}, which a state names, is missing/);
  });

  it('is not genuine if a file was added', async () => {
    const folder = await unpacked((await packed()).pack);
    writeFileSync(join(folder, 'more.txt'), 'more');
    expect((await verifyEvidence(await repacked(folder), [])).faults).toEqual([
      { what: 'more.txt was added to the pack' },
    ]);
  });

  it('is refused before it fills the memory if one of its files or lines is much too large', async () => {
    const { pack } = await packed();
    const withText = async (name: string, text: string) => {
      const folder = await unpacked(pack);
      writeFileSync(join(folder, name), text);
      return repacked(folder);
    };
    const long = '0'.repeat(70 * 1024 * 1024);
    await expect(withText('key.txt', long).then((path) => verifyEvidence(path, []))).rejects.toThrow(
      'its key.txt has 73400320 bytes, which is too large for such a file',
    );
    await expect(withText('states.ndjson', long).then((path) => verifyEvidence(path, []))).rejects.toThrow(
      'it has a line of more than 67108864 characters',
    );
    // The size in the ZIP's directory, which the reader trusts at first.
    const path = await withText('key.txt', '0'.repeat(5000));
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1'))
      if (bytes.readUInt32LE(at + 24) === 5000) bytes.writeUInt32LE(50, at + 24);
    writeFileSync(path, bytes);
    const { verdict, faults } = await verifyEvidence(path, []);
    expect(verdict).toBe('not-genuine');
    expect(faults.map(({ what }) => what)).toEqual([
      'key.txt has a header that disagrees with the directory',
      expect.stringMatching(/its key\.txt is (larger than the ZIP says|damaged)/),
    ]);
  });

  it('is refused with a reason if it is not a ZIP', async () => {
    const { pack } = await packed();
    writeFileSync(pack, readFileSync(pack).subarray(0, 5000));
    await expect(verifyEvidence(pack, [])).rejects.toThrow(/./);
    const folder = await unpacked((await packed()).pack);
    rmSync(join(folder, 'key.txt'));
    await expect(repacked(folder).then((path) => verifyEvidence(path, []))).rejects.toThrow('it has no key.txt');
  });
});

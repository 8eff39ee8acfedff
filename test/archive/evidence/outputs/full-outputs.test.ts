import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import { prune } from '../../../../src/archive/prune/prune.ts';
import { REDACTABLE_MEMBERS } from '../../../../src/ledger/entries/redactable-members.ts';
import { SOURCE } from '../../raw-invocation.ts';
import { COMMAND_ID, edit, everythingIn, faultsOfResealed, rowsOf } from '../commands/command-trial.ts';
import { packed, repacked, resealed, unpacked } from '../pack-trial.ts';
import { BUCKET, FETCHED_AT, fetched, fetchedOutputs, GROUP, output, TEXTS } from './full-output-trial.ts';

const LINES = 'full-outputs.ndjson';
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a pack of steps whose outputs were fetched', () => {
  it('has the bytes of each stream as they came, where they came from, and whether they are cut', async () => {
    const { pack, summary } = await packed({}, fetchedOutputs);
    expect(summary).toMatchObject({ fullOutputs: 7, outputs: 5 });
    expect(await verifyEvidence(pack, [])).toMatchObject({
      ...{ verdict: 'consistent', faults: [], fullOutputs: 7, prunedFullOutputs: 0, redacted: 0, outputs: 5 },
    });
    const folder = await unpacked(pack);
    const rows = rowsOf(folder, LINES);
    expect(rows[2]).toMatchObject({
      ...{ ...SOURCE, commandId: COMMAND_ID, instanceId: 'i-1', position: 1, name: 'runShellScript' },
      ...{ stream: 'stdout', provenance: 's3', location: { bucket: BUCKET, key: 'c/i-1/stdout' } },
      ...{ fetchedAt: FETCHED_AT, encoding: 'utf-8', sizeBytes: TEXTS.long.length, totalBytes: TEXTS.long.length },
      ...{ cutBy: null, sha256: digestOf(TEXTS.long), isPruned: false },
    });
    const expected = [TEXTS.cut, TEXTS.empty, TEXTS.long, TEXTS.wide, TEXTS.long, TEXTS.page, TEXTS.page];
    for (const [n, bytes] of expected.entries())
      expect(readFileSync(join(folder, String(rows[n]?.file))).equals(bytes)).toBe(true);
    expect(rows.map(({ encoding }) => encoding)).toEqual([
      ...['utf-8', 'utf-8', 'utf-8', 'utf-16le', 'utf-8', 'latin1', 'latin1'],
    ]);
    expect(rows.map(({ cutBy }) => cutBy)).toEqual(['service', null, null, null, null, 'limit', null]);
    expect(readdirSync(join(folder, 'outputs'))).toHaveLength(5 + 5);
  });

  it('has only those of the invocations that were asked for', async () => {
    const { pack } = await packed({ filter: { instanceId: 'i-2' } }, fetchedOutputs);
    const folder = await unpacked(pack);
    expect(rowsOf(folder, LINES).map(({ instanceId }) => instanceId)).toEqual(['i-2']);
    expect(readdirSync(join(folder, 'outputs'))).toHaveLength(2);
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', fullOutputs: 1 });
  });

  it('has one file for a text that was fetched and that a state names too', async () => {
    const same = Buffer.from('done\n');
    const { pack } = await packed({ filter: { instanceId: 'i-7' } }, (sqlite) =>
      fetched(sqlite, ['i-7', 0], 'get', output(same)),
    );
    const folder = await unpacked(pack);
    expect(readdirSync(join(folder, 'outputs'))).toEqual([`${digestOf(same)}.txt`]);
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', fullOutputs: 1, outputs: 1 });
  });

  it('has none of the file if nothing was ever fetched', async () => {
    const { pack, summary } = await packed();
    expect(readdirSync(await unpacked(pack))).not.toContain(LINES);
    expect(summary).toMatchObject({ fullOutputs: 0 });
  });

  it('can be verified without the texts, whose digests it still has', async () => {
    const { pack } = await packed({ withoutOutputs: true }, fetchedOutputs);
    const folder = await unpacked(pack);
    expect(existsSync(join(folder, 'outputs'))).toBe(false);
    expect(rowsOf(folder, LINES)[0]).toMatchObject({ sha256: digestOf(TEXTS.cut), file: null, isPruned: false });
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: 7 });
  });
});

describe('a redacted pack', () => {
  it('withholds texts, digests and sizes of what was fetched with Output, and proves the rest', async () => {
    const { pack } = await packed({ redacted: ['Output'] }, fetchedOutputs);
    const folder = await unpacked(pack);
    const text = everythingIn(folder);
    for (const bytes of Object.values(TEXTS)) {
      expect(text).not.toContain(digestOf(bytes));
      if (bytes.length > 0) expect(text).not.toContain(`:${bytes.length}`);
    }
    expect(text).not.toContain('30000000');
    expect(rowsOf(folder, LINES)[2]).toMatchObject({
      ...{ provenance: 's3', location: { bucket: BUCKET }, fetchedAt: FETCHED_AT, cutBy: null },
      ...{ sha256: '[redacted]', sizeBytes: null, totalBytes: null, file: null, isPruned: false },
    });
    const verdict = await verifyEvidence(pack, []);
    expect(verdict).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: 7 });
    const without = await verifyEvidence((await packed({ redacted: ['Output'] })).pack, []);
    expect(verdict.redacted - without.redacted).toBe(7 * 2);
  });

  it.each([
    'OutputS3BucketName',
    'OutputS3KeyPrefix',
    'StandardOutputUrl',
    'StandardErrorUrl',
    'CloudWatchLogGroupName',
  ] as const)('withholds the places of what was fetched with %s, and has the texts', async (member) => {
    const { pack } = await packed({ redacted: [member] }, fetchedOutputs);
    const folder = await unpacked(pack);
    for (const secret of [BUCKET, GROUP]) expect(everythingIn(folder)).not.toContain(secret);
    const locations = rowsOf(folder, LINES).map(({ location }) => location);
    expect(locations).toEqual([null, null, ...Array(4).fill('[redacted]'), null]);
    expect(readdirSync(join(folder, 'outputs'))).toHaveLength(10);
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], redacted: 4 });
  });

  it('withholds all of it with all members', async () => {
    const { pack } = await packed({ redacted: REDACTABLE_MEMBERS }, fetchedOutputs);
    const text = everythingIn(await unpacked(pack));
    for (const secret of [BUCKET, GROUP, digestOf(TEXTS.page), 'of a code page']) expect(text).not.toContain(secret);
    expect(await verifyEvidence(pack, [])).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: 7 });
  });

  it('is not genuine if a digest is withheld although the pack redacts no outputs, even if it is sealed again', async () => {
    const { pack, keyPath } = await packed({}, fetchedOutputs);
    const folder = await unpacked(pack);
    edit(join(folder, LINES), (text) => {
      const [first = '', ...others] = text.split('\n');
      const line = JSON.parse(first);
      rmSync(join(folder, line.file));
      line.openings.shift();
      return [JSON.stringify({ ...line, sha256: '[redacted]', file: null }), ...others].join('\n');
    });
    expect(await faultsOfResealed(folder, keyPath)).toMatch(
      /^line 1 of full-outputs\.ndjson: its digest is withheld, although the pack does not redact it$/,
    );
  });
});

describe('what was fetched and then pruned', () => {
  const prunedOfOne = async (sqlite: Database) => {
    fetchedOutputs(sqlite);
    const deps = { sqlite, now: () => new Date('2026-12-01T00:00:00Z'), renew: () => {} };
    await prune(deps, { kind: 'outputs', selection: { instanceId: 'i-1' }, by: 'me', reason: 'rule 4' });
  };

  it('is still proven to have been there, and the tombstone says why the text is gone', async () => {
    const { pack } = await packed({}, prunedOfOne);
    const folder = await unpacked(pack);
    expect(rowsOf(folder, LINES).map(({ isPruned, file }) => [isPruned, file === null])).toEqual([
      ...[1, 2, 3].map(() => [true, true]),
      ...[4, 5, 6, 7].map(() => [false, false]),
    ]);
    expect(rowsOf(folder, LINES)[0]).toMatchObject({ sha256: digestOf(TEXTS.cut), sizeBytes: TEXTS.cut.length });
    expect(everythingIn(folder)).not.toContain('cut here');
    expect(await verifyEvidence(pack, [])).toMatchObject({
      ...{ verdict: 'consistent', faults: [], fullOutputs: 7, prunedFullOutputs: 3 },
    });
  });

  it('is not genuine if the tombstone is missing, or if a text is called pruned that was not', async () => {
    const { pack, keyPath } = await packed({}, prunedOfOne);
    const without = await unpacked(pack);
    rmSync(join(without, 'tombstones.ndjson'));
    expect(await faultsOfResealed(without, keyPath)).toMatch(
      /line 1 of full-outputs\.ndjson: its isPruned is not what the tombstones say/,
    );
    const folder = await unpacked(pack);
    edit(join(folder, LINES), (text) =>
      text.replaceAll(/"isPruned":false,"file":"[^"]+"/g, '"isPruned":true,"file":null'),
    );
    expect(await faultsOfResealed(folder, keyPath)).toMatch(
      /line 4 of full-outputs\.ndjson: its isPruned is not what the tombstones say/,
    );
  });
});

describe('a change of what was fetched is found', () => {
  it('in a text by the sums', async () => {
    const folder = await unpacked((await packed({}, fetchedOutputs)).pack);
    const { file } = rowsOf(folder, LINES)[2] ?? {};
    edit(join(folder, String(file)), (text) => text.replace('end of it', 'end of is'));
    const { verdict, faults } = await verifyEvidence(await repacked(folder), []);
    expect([verdict, faults.map(({ what }) => what).join('\n')]).toEqual([
      'not-genuine',
      expect.stringContaining(`${file} is not as it was packed`),
    ]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a provenance',
      (text) => text.replace('"provenance":"s3"', '"provenance":"get"'),
      /line 3 .*: its provenance is not what its entry says/,
    ],
    [
      'a time',
      (text) => text.replace('T11:00', 'T12:00'),
      /line 1 of full-outputs\.ndjson: its fetchedAt is not what its entry/,
    ],
    [
      'who cut it',
      (text) => text.replace('"cutBy":"service"', '"cutBy":null'),
      /line 1 .*: its cutBy is not what its entry says/,
    ],
    [
      'a stream',
      (text) => text.replace('"stream":"stderr"', '"stream":"stdout"'),
      /line 2 .*: its stream is not what its entry says/,
    ],
    [
      'a node',
      (text) => text.replace('"instanceId":"i-2"', '"instanceId":"i-3"'),
      /line 4 .*: its instanceId is not what its entry/,
    ],
    [
      'a step',
      (text) => text.replace('"position":1', '"position":0'),
      /line 1 .*: its position is not what its entry says/,
    ],
    [
      'a size',
      (text) => text.replace('"totalBytes":30000000', '"totalBytes":30'),
      /line 6 .*: its totalBytes is not what its entry/,
    ],
    [
      'a place',
      (text) => text.replace(`"bucket":"${BUCKET}"`, '"bucket":"another"'),
      /line 3 .*: its location is not what its entry says/,
    ],
    [
      'an encoding',
      (text) => text.replace('"encoding":"latin1"', '"encoding":"utf-8"'),
      /line 6 .*: its encoding is not what its entry/,
    ],
    [
      'a digest',
      (text) => text.replace(/"sha256":"[0-9a-f]{4}/, '"sha256":"0000'),
      /line 1 .*: its sha256 is not what its entry says/,
    ],
    [
      'the name of a file',
      (text) => text.replace(/"file":"outputs\/[0-9a-f]{64}/, `"file":"outputs/${digestOf(TEXTS.page)}`),
      /line 1 .*: its file is not what its entry, /,
    ],
    [
      'an entry',
      (text) => text.replace('\\"provenance\\":\\"s3\\"', '\\"provenance\\":\\"get\\"'),
      /line 3 of full-outputs\.ndjson is not in the ledger/,
    ],
    [
      'an opening',
      (text) => text.replace(`{\\"bucket\\":\\"${BUCKET}`, '{\\"bucket\\":\\"another'),
      /line 3 .*: the value .* does not match any commitment/,
    ],
    [
      'a salt',
      (text) => text.replace(/"salt":"[0-9a-f]{4}/, '"salt":"0000'),
      /line 1 .*: the value .* does not match any commitment/,
    ],
    [
      'a proof',
      (text) => text.replace(/"proof":\["..../, '"proof":["AAAA'),
      /line 1 of full-outputs\.ndjson is not in the ledger/,
    ],
    [
      'the number of a leaf',
      (text) => text.replace(/"leaf":\d+/, '"leaf":0'),
      /line 1 of full-outputs\.ndjson is not in the ledger/,
    ],
    [
      'the order of lines',
      (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`,
      /line 2 .* is not in the order of the ledger, or is there twice/,
    ],
    ['a line that is there twice', (text) => `${text.split('\n')[0]}\n${text}`, /line 2 .* is there twice/],
    [
      'a removed line',
      (text) => text.slice(text.indexOf('\n') + 1),
      /manifest\.json counts 7 full outputs, but the pack has 6/,
    ],
    [
      'a removed line whose text nothing else names',
      (text) => text.slice(text.indexOf('\n') + 1),
      /^outputs\/[0-9a-f]{64}\.txt belongs to no state and to no full output of the pack/m,
    ],
    ['a line that is not JSON', (text) => `x${text}`, /line 1 of full-outputs\.ndjson is not a state/],
    ['a file without lines', () => '', /counts 7 full outputs, but the pack has 0/],
  ])('in %s, even if the pack is sealed again with the key', async (_, change, what) => {
    const { pack, keyPath } = await packed({}, fetchedOutputs);
    const folder = await unpacked(pack);
    edit(join(folder, LINES), change);
    expect(await faultsOfResealed(folder, keyPath)).toMatch(what);
  });

  it.each<[string, (folder: string, file: string) => void, RegExp]>([
    [
      'a text',
      (folder, file) => edit(join(folder, file), (text) => text.replace('end of it', 'end of is')),
      /line 3 .*: its text outputs\/.* is not the one that was fetched/,
    ],
    [
      'a text that is missing',
      (folder, file) => rmSync(join(folder, file)),
      /line 3 .*: its text outputs\/.* is missing/,
    ],
    [
      'a text that was added',
      (folder) => writeFileSync(join(folder, 'outputs', 'more.txt'), 'more'),
      /^outputs\/more\.txt belongs to no state and to no full output of the pack$/,
    ],
    [
      'all texts, which are missing',
      (folder) => rmSync(join(folder, 'outputs'), { recursive: true }),
      /the output [0-9a-f]{64}, which a state names, is missing[\s\S]*line 1 .*: its text outputs\/.* is missing/,
    ],
    [
      'the whole file, which is missing',
      (folder) => rmSync(join(folder, LINES)),
      /counts 7 full outputs, but the pack has 0/,
    ],
    [
      'an entry of something else',
      (folder) => {
        const [line = ''] = readFileSync(join(folder, 'states.ndjson'), 'utf8').split('\n');
        edit(join(folder, LINES), (text) => `${line}\n${text}`);
      },
      /line 1 of full-outputs\.ndjson: its entry is not of a full output/,
    ],
    [
      'a step whose invocation is not in the pack',
      (folder) => {
        edit(join(folder, 'invocations.ndjson'), (text) =>
          text
            .split('\n')
            .filter((line) => !line.includes('"i-2"'))
            .join('\n'),
        );
      },
      /line 4 of full-outputs\.ndjson: invocations\.ndjson does not have its invocation/,
    ],
  ])('in %s, even if the pack is sealed again with the key', async (_, change, what) => {
    const { pack, keyPath } = await packed({}, fetchedOutputs);
    const folder = await unpacked(pack);
    change(folder, String(rowsOf(folder, LINES)[2]?.file));
    expect(await faultsOfResealed(folder, keyPath)).toMatch(what);
  });
});

it('a pack from before packs had full outputs can still be verified', async () => {
  const { pack, keyPath } = await packed();
  const folder = await unpacked(pack);
  edit(join(folder, 'manifest.json'), (text) => {
    const { fullOutputs: _, ...older } = JSON.parse(text);
    return JSON.stringify(older);
  });
  const verdict = await verifyEvidence(await resealed(folder, keyPath), []);
  expect(verdict).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: 0 });
});

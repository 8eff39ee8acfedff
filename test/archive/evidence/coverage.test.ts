import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import type { CertificateOfPack } from '../../../src/archive/evidence/coverage/certificate-of-pack.ts';
import { statePackCoverage } from '../../../src/archive/evidence/coverage/state-pack-coverage.ts';
import { openSigner } from '../../../src/ledger/notes/open-signer.ts';
import { parseNote, signNote } from '../../../src/ledger/notes/signed-note.ts';
import { canonicalJson } from '../../../src/lib/json/canonical-json.ts';
import { packed, resealed, unpacked } from './pack-trial.ts';

const SPAN = { requestedAfter: '2026-01-01T00:00:00.000Z', requestedBefore: '2026-04-01T00:00:00.000Z' };

/** Returns the faults that are found in a pack that was changed and then sealed by the archive's own key. */
async function faultsAfter(change: (folder: string, keyPath: string) => void): Promise<string> {
  const { pack, keyPath, summary } = await packed({ filter: SPAN });
  const folder = await unpacked(pack);
  change(folder, keyPath);
  const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), [summary.verifierKey]);
  expect(verdict).toBe('not-genuine');
  return faults.map(({ what }) => what).join('\n');
}

const edit = (name: string, change: (text: string) => string) => (folder: string) => {
  const path = join(folder, name);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, change(before));
  expect(readFileSync(path, 'utf8')).not.toBe(before);
};

/** Replaces members of the certificate, and signs it again with the archive's key. */
const certify = (change: (certificate: CertificateOfPack) => object) => (folder: string, keyPath: string) => {
  const path = join(folder, 'coverage-certificate');
  const [header, json = ''] = parseNote(readFileSync(path, 'utf8')).text.split('\n');
  const certificate = { ...JSON.parse(json), ...change(JSON.parse(json)) };
  writeFileSync(path, signNote(`${header}\n${canonicalJson(certificate)}\n`, openSigner(keyPath, randomBytes)));
};

const place = (more: object = {}) => ({
  ...{ accountId: '111122223333', region: 'eu-west-1', complete: true, gaps: [], unproven: [] },
  span: { from: SPAN.requestedAfter, to: SPAN.requestedBefore },
  ...more,
});

describe('the coverage that a pack states', () => {
  it.each<[string, (folder: string, keyPath: string) => void, RegExp]>([
    [
      'the manifest states another coverage',
      edit('manifest.json', (text) => text.replace('"NOT complete', '"Complete')),
      /manifest\.json and coverage-certificate state different coverage/,
    ],
    [
      'the page states another coverage',
      edit('index.html', (text) => text.replace('NOT complete', 'Complete')),
      /index\.html and coverage-certificate state different coverage/,
    ],
    [
      'VERIFY.md states another coverage',
      edit('VERIFY.md', (text) => text.replace('NOT complete', 'Complete')),
      /VERIFY\.md and coverage-certificate state different coverage/,
    ],
    [
      'the certificate is about another span',
      certify(({ asked }) => ({ asked: { ...asked, to: '2026-03-01T00:00:00.000Z' } })),
      /coverage-certificate is for another span, account or region than the pack/,
    ],
    [
      'the certificate is about another account',
      certify(({ asked }) => ({ asked: { ...asked, accountId: '1' } })),
      /coverage-certificate is for another span, account or region than the pack/,
    ],
    [
      'the certificate is about another ledger',
      certify(() => ({ origin: 'ssm-archive/0' })),
      /coverage-certificate belongs to another ledger/,
    ],
    [
      'the certificate says complete, but names gaps',
      certify(() => ({ complete: true, places: [place({ gaps: [{ from: 'a', to: 'b' }] })] })),
      /says that everything is complete, but names something that is not/,
    ],
    [
      'the certificate says complete, but names no account and region',
      certify(() => ({ complete: true, places: [] })),
      /says that everything is complete, but names something that is not/,
    ],
    [
      'the certificate says complete, but names a missing source',
      certify(() => ({ complete: true, places: [place()], missing: [{ alias: 'b' }] })),
      /says that everything is complete, but names something that is not/,
    ],
    [
      'the manifest has a wrong count of invocations',
      edit('manifest.json', (text) => text.replace('"invocations": 7', '"invocations": 8')),
      /manifest\.json counts 8 invocations and 9 states, but the pack has 7 and 9/,
    ],
  ])('is compared with its certificate, and is not genuine if %s, no matter who sealed it', async (_, change, what) => {
    expect(await faultsAfter(change)).toMatch(what);
  });

  it('is taken from the certificate for a pack of an earlier version, which states no coverage itself', async () => {
    const { pack, keyPath, summary } = await packed({ filter: SPAN });
    const folder = await unpacked(pack);
    edit('manifest.json', (text) => {
      const { coverage: _, ...before } = JSON.parse(text);
      return JSON.stringify(before);
    })(folder);
    writeFileSync(join(folder, 'index.html'), '<p>As it was</p>');
    writeFileSync(join(folder, 'VERIFY.md'), '# As it was\n');
    expect(await verifyEvidence(await resealed(folder, keyPath), [summary.verifierKey])).toMatchObject({
      ...{ verdict: 'genuine', faults: [], coverage: summary.coverage },
    });
  });

  it('names everything that the certificate names as missing, including kinds that a later version adds', () => {
    const { complete, statement } = statePackCoverage({
      asked: { accountId: null, region: null, from: 'F', to: 'T' },
      ...{ complete: false, origin: 'o', checkpoint: { size: 1, root: 'r' } },
      missing: [
        { alias: 'second', sinceAt: 'S', gaps: [{ from: 'F', to: 'T', cause: 'The role cannot be assumed.' }] },
      ],
      places: [
        place({
          complete: false,
          gaps: [{ from: 'a', to: 'b', isForgotten: true, cause: 'Nobody listed it.' }],
          edges: [{ from: 'c', to: 'd' }],
          forgottenCommands: [{ commandId: 'c-1', requestedAt: null }],
          unfinishedCommands: 2,
          unfinishedInvocations: 3,
          lateLooks: [{ commandId: 'c-2' }],
        }),
      ],
    });
    expect(complete).toBe(false);
    const name = '111122223333 eu-west-1';
    expect(statement).toEqual([
      'NOT complete: the archive has all that was requested from F to T in 0 of 1 accounts and regions, and a source is missing.',
      'Missing, and nothing of this span was ever collected: alias second, sinceAt S, The role cannot be assumed.',
      `${name}: NOT complete, from ${SPAN.requestedAfter} to ${SPAN.requestedBefore}.`,
      `${name}: not listed: from a to b, is forgotten, Nobody listed it.`,
      `${name}: an edge, where invocations of commands that were sent before may be missing: from c to d`,
      `${name}: a command that was not seen to end: commandId c-1`,
      `${name}: 2 commands may still bring invocations, and 3 invocations had not ended.`,
      `${name}: late looks: commandId c-2`,
    ]);
  });
});

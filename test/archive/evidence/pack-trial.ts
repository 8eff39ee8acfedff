import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { keepCosignature } from '../../../src/archive/checkpoints/keep-cosignature.ts';
import { makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { certifyForEvidence } from '../../../src/archive/evidence/certify-for-evidence.ts';
import type { EvidenceQuestion, EvidenceSummary } from '../../../src/archive/evidence/evidence.ts';
import { makeEvidence } from '../../../src/archive/evidence/make-evidence.ts';
import { sealEvidence } from '../../../src/archive/evidence/seal-evidence.ts';
import { openZip } from '../../../src/archive/evidence/zip/read-zip.ts';
import { zipFolder } from '../../../src/archive/evidence/zip/zip-folder.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchiveReadOnly } from '../../../src/db/open.ts';
import { openSigner } from '../../../src/ledger/notes/open-signer.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { cosignerOf, lineOf } from '../../ingest/checkpoints/fake-witness.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

export const MADE_AT = '2026-04-01T00:00:00.000Z';
export const SHARED = '=SUM(1)\u0000\u202e<script>alert(1)</script> \u{1f600}\n';

export const WITNESS = cosignerOf('witness.example/w1');

export interface Packed {
  folder: string;
  pack: string;
  keyPath: string;
  summary: EvidenceSummary;
}

/** An archive of seven invocations, one of them seen in three states, and a pack for a question about it. */
export async function packed(
  question: Partial<EvidenceQuestion> = {},
  prepare: (sqlite: Database) => void | Promise<void> = () => {},
): Promise<Packed> {
  const folder = tempFolder();
  const path = join(folder, 'archive.db');
  const writing = openArchive(path);
  const reading = openArchiveReadOnly(path);
  const record = createSingleReplyRecorder(writing.sqlite);
  const plugin = (Output: string) => rawPlugin({ Output });
  const states = ['Pending', 'InProgress', 'Failed'].map((Status) =>
    rawInvocation({
      InstanceId: 'i-1',
      Status,
      StatusDetails: Status,
      CommandPlugins: [plugin(Status), plugin(SHARED)],
    }),
  );
  for (const [n, state] of states.entries()) record(page([state], { observedAt: `2026-03-01T10:0${n}:00.000Z` }));
  record(
    page([
      ...['i-2', 'i-3', 'i-4'].map((InstanceId) => rawInvocation({ InstanceId, CommandPlugins: [plugin(SHARED)] })),
      rawInvocation({ InstanceId: 'i-5', CommandPlugins: [plugin('half \ud800 a character')] }),
      rawInvocation({ InstanceId: 'i-6', CommandPlugins: [] }),
      rawInvocation({ InstanceId: 'i-7', Comment: '<img src=x onerror=alert(1)>"\'', RequestedDateTime: 1772500000 }),
    ]),
  );
  await prepare(writing.sqlite);
  writing.sqlite.pragma('foreign_keys = ON');
  const keyPath = join(folder, 'ledger.key');
  const pack = join(folder, 'pack.zip');
  // As after a pass, nothing is added after this checkpoint, so the pack has exactly this checkpoint.
  const made = makeCheckpoint(writing.sqlite, {
    ...{ keyPath, random: randomBytes, now: () => new Date(MADE_AT) },
    witnesses: [WITNESS.verifierKey],
  });
  const signature = lineOf(WITNESS, made.note).trimEnd();
  keepCosignature(writing.sqlite, { size: made.size, witness: WITNESS.name, signature });
  const deps = {
    ...{ writer: writing.sqlite, reader: reading.sqlite, keyPath, random: randomBytes },
    now: () => new Date(MADE_AT),
  };
  const summary = await makeEvidence(deps, {
    question: { filter: {}, withoutOutputs: false, ...question },
    output: pack,
    configured: { accounts: [], regions: [] },
    certify: () => certifyForEvidence(deps, 0, { filter: {}, withoutOutputs: false, ...question }),
  });
  reading.close();
  writing.close();
  return { folder, pack, keyPath, summary };
}

/** Unpacks a pack into a folder of its own, and returns the folder. */
export async function unpacked(pack: string): Promise<string> {
  const folder = tempFolder();
  const { files, close } = await openZip(pack);
  for (const file of files.values()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.stream()) chunks.push(chunk);
    mkdirSync(dirname(join(folder, file.name)), { recursive: true });
    writeFileSync(join(folder, file.name), Buffer.concat(chunks));
  }
  await close();
  return folder;
}

/** Makes a pack from a folder again, at another path. */
export async function repacked(folder: string): Promise<string> {
  const path = join(tempFolder(), 'again.zip');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  await zipFolder(folder, names, path, new Date(MADE_AT));
  return path;
}

/** Prunes the outputs of i-1. No other invocation printed two of them. */
export async function pruneOutputsOfOne(sqlite: Database): Promise<void> {
  const deps = { sqlite, now: () => new Date('2026-12-01T00:00:00Z'), renew: () => {} };
  await prune(deps, { kind: 'outputs', selection: { instanceId: 'i-1' }, by: 'me', reason: 'rule 4' });
}

/** Seals a changed folder again, as somebody who has the key could. */
export async function resealed(folder: string, keyPath: string): Promise<string> {
  for (const name of ['SHA256SUMS', 'SHA256SUMS.note']) rmSync(join(folder, name));
  const summary = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  rmSync(join(folder, 'manifest.json'));
  await sealEvidence(folder, summary, openSigner(keyPath, randomBytes));
  return repacked(folder);
}

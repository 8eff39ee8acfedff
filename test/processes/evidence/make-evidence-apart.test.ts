import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { identifyFile } from '../../../src/lib/files/identify-file.ts';
import { createEvidenceMaker } from '../../../src/processes/evidence/make-evidence-apart.ts';

/** A program that takes the place of the one that makes a pack. It fails with its environment as the message. */
const TELLS_ENVIRONMENT = `process.on('message', () =>
  process.send({ kind: 'failed', error: { name: 'Error', message: JSON.stringify(process.env) } }));`;

it('the process that makes a pack keeps SQLite’s temporary files in the folder of the pack, beside the archive, and leaves no folder behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tells-environment.mjs');
  writeFileSync(path, TELLS_ENVIRONMENT);
  const archivePath = join(folder, 'archive.db');
  const make = createEvidenceMaker({
    ...{ archivePath, keyPath: `${archivePath}.key`, authDb: `${archivePath}.auth.db`, settlingMs: 0 },
    configured: { accounts: [], regions: [] },
    file: { refuseMoved: async () => {}, known: () => identifyFile(archivePath) },
    program: { path, execArgv: [] },
  });
  const question = { filter: {}, withoutOutputs: false };
  const refusal = await make(question, { caller: 'tester', deadlineMs: 10_000 }).catch((error: Error) => error.message);
  const { SQLITE_TMPDIR: sorting }: Record<string, string> = JSON.parse(String(refusal));
  expect(dirname(sorting ?? '')).toBe(folder);
  expect(sorting).toContain('.evidence-');
  expect(readdirSync(folder)).toEqual(['tells-environment.mjs']);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid } from '../../src/config/config-invalid.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { createCosigner } from '../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey } from '../../src/ledger/notes/note-key.ts';
import { tempFolder } from '../db/temp-archive.ts';

/** The keys of two witnesses. */
export const KEYS = ['witness.example/w1', 'w2'].map((name) => {
  const { signingKey } = createNoteKey(name, (size) => Buffer.alloc(size, 1));
  return createCosigner(signingKey, () => new Date()).verifierKey;
});

export type Env = Record<string, string | undefined>;

/** Reads the environment, and an archive.yaml with this text in a new folder. */
export function read(env: Env, yaml?: string) {
  const cwd = tempFolder();
  if (yaml !== undefined) writeFileSync(join(cwd, 'archive.yaml'), yaml);
  return { cwd, ...readConfig({ env, cwd, faultOfSchedule }) };
}

/** Returns the faults, as `key: problem`. Fails the test if there are none. */
export function faultsOf(env: Env, yaml?: string): string[] {
  try {
    read(env, yaml);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults.map(({ key, problem }) => `${key}: ${problem}`);
    throw error;
  }
  throw new Error('The configuration has no faults.');
}

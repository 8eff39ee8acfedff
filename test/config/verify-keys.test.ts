import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../src/config/config-invalid.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { createCosigner } from '../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey } from '../../src/ledger/notes/note-key.ts';
import { tempFolder } from '../db/temp-archive.ts';

const { signingKey, verifierKey } = createNoteKey('ssm-archive/0123456789abcdef', (size) => Buffer.alloc(size, 1));
const witness = createCosigner(signingKey, () => new Date()).verifierKey;

function read(yaml: unknown) {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'archive.yaml'), JSON.stringify(yaml));
  return readConfig({ env: {}, cwd, faultOfSchedule }).config.verifyKeys;
}

function faultsOf(yaml: unknown): string[] {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults.map(({ key, problem }) => `${key}: ${problem}`);
    throw error;
  }
  throw new Error('The configuration has no faults.');
}

describe('verify.keys of archive.yaml', () => {
  it('are the trusted keys, and an empty list if the file has none', () => {
    expect(read({})).toBeUndefined();
    expect(read({ verify: { keys: [verifierKey, verifierKey] } })).toEqual([verifierKey, verifierKey]);
  });

  it('are all checked when they are read; wrong keys are reported together by place, and no private key is shown', () => {
    const damaged = verifierKey.replace('abcdef+', 'abcde0+');
    const faults = faultsOf({ port: '99999999', verify: { keys: ['no', verifierKey, damaged, witness, signingKey] } });
    const must = expect.stringMatching(/: must be the verifier key of an archive, <name>\+<id>\+<base64>/);
    expect(faults.sort()).toEqual([
      expect.stringMatching(/^port: /),
      ...[must, must, must],
      expect.stringMatching(/^verify\.keys\[4\]: is a private key/),
    ]);
    expect(faults.slice(1).map((fault) => fault.split(':')[0])).toEqual(
      [0, 2, 3, 4].map((place) => `verify.keys[${place}]`),
    );
    expect(faults.join()).not.toContain(signingKey.split('+').at(-1));
  });

  it('can’t be an empty list, and cannot have other settings beside them', () => {
    expect(faultsOf({ verify: { keys: [] } })).toEqual([
      'verify.keys: must have at least one key: leave keys out if no key is known',
    ]);
    expect(faultsOf({ verify: { keys: [verifierKey], key: verifierKey } })).toEqual([
      'verify.key: is not a setting. Did you mean "keys"?',
    ]);
  });
});

import { randomBytes } from 'node:crypto';
import type { Command } from '@commander-js/extra-typings';
import { type Renewed, renewKey } from '../../archive/checkpoints/renew-key.ts';
import { nameOf, readKeys } from '../../archive/signing/last-signer.ts';
import { readContinuations } from '../../archive/signing/read-continuations.ts';
import { readSigning, type SigningState } from '../../archive/signing/read-signing.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ReadArchive } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { readSigningRecord } from '../../ledger/signing-record/read-record.ts';
import { findOwnFiles } from '../archive/own-files.ts';
import { readArchive } from '../archive/read-archive.ts';
import { openToWrite } from '../archive/write-archive.ts';
import type { Terminal } from '../terminal.ts';
import { counted } from '../text/format.ts';
import { type Line, styled } from '../text/line.ts';

const RENEW_HELP = `
The ledger gets an entry that says which tree of the former key the new key continues. After a backup was restored, \
the key has signed more leaves than the archive has: with --after-restore the entry also says which leaves are lost, \
so that everybody who knows the former key learns of the loss.
If SSM_ARCHIVE_LEDGER_KEY already names a key that never signed this archive, that key is taken; otherwise one is \
made. No key is ever deleted.`;

/** `key`: shows which key signs the archive, and gives the archive another key. */
export function addKey(program: Command, terminal: Terminal): void {
  const key = program.command('key').description('show what signs the archive, or give it another key');
  key
    .command('show')
    .description('show the public key that others verify with, and what it signed last')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExit code 1 if nothing can be signed now.')
    .action(async (options) => {
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey']);
      release();
      await readArchive(config.db, terminal, (archive, terminal) => {
        const shown = readShown(archive, config);
        if (options.json) terminal.json(shown);
        else terminal.out(describeShown(shown));
        if (shown.signing.fault !== null) process.exitCode = 1;
      });
    });
  key
    .command('renew')
    .description('give the archive another key, and record in the ledger which key it continues')
    .option('--after-restore', 'the archive is a restored backup: record that what was signed after the backup is lost')
    .option('--json', 'print as JSON')
    .addHelpText('after', RENEW_HELP)
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      const { config, release } = findOwnFiles(read, ['ledgerKey']);
      const db = await openToWrite(config.db, terminal);
      try {
        // If several archives share the former key, its file stays where it is, and this archive gets a key of its own.
        const isShared = config.ledgerKey !== read.config.ledgerKey;
        const renewed = renewKey(db.sqlite, {
          ...{ keyPath: read.config.ledgerKey, authDb: config.authDb, db: config.db },
          ...(isShared && { formerKeyPath: config.ledgerKey }),
          ...{ random: randomBytes, now: () => new Date(), isAfterRestore: options.afterRestore === true },
        });
        if (options.json) terminal.json(renewed);
        else terminal.out(describeRenewed(renewed, read.config.ledgerKey));
      } finally {
        release();
        db.close();
      }
    });
}

interface Shown {
  /**
   * The public form of the newest key in the ledger. It proves nothing to others, because only the archive's own file
   * names it.
   */
  verifierKey: string | null;
  file: string;
  signing: SigningState;
  record: { path: string; origin: string; size: number; root: string } | null;
  /** Sentences about each key in the ledger that continues another key. */
  continuations: string[];
}

function readShown({ sqlite }: ReadArchive, { db, ledgerKey: keyPath, authDb }: Config): Shown {
  const owner = { keyPath, authDb, db };
  const record = recordOf(owner);
  return {
    verifierKey: readKeys(sqlite).at(-1) ?? null,
    file: keyPath,
    signing: readSigning(sqlite, owner),
    record: record && { ...record, root: record.root.toString('base64') },
    continuations: readContinuations(sqlite).map(({ verifierKey, says }) => `${nameOf(verifierKey)} ${says}`),
  };
}

/** Returns null if the key can't be read: `readSigning` reports that fault. */
function recordOf(owner: Parameters<typeof readSigningRecord>[0]) {
  try {
    const record = readSigningRecord(owner);
    if (!record) return null;
    const { path, origin, size, root } = record;
    return { path, origin, size, root };
  } catch {
    return null;
  }
}

function describeShown({ verifierKey, file, signing, record, continuations }: Shown): Line[] {
  const { origin, leaves, signedLeaves, signedAt, fault } = signing;
  const unsigned = fault === null ? [] : [styled('red', `NOT SIGNED  ${fault}`)];
  if (origin === null) return ['No key has signed this archive yet: its first checkpoint makes one.', ...unsigned];
  return [
    `Key         ${verifierKey ?? origin}`,
    `File        ${file}`,
    `Signed      ${counted(signedLeaves, 'leaf', 'leaves')} of ${leaves}${signedAt === null ? '' : `, at ${signedAt}`}`,
    record
      ? `Record      ${counted(record.size, 'leaf', 'leaves')} by ${record.origin}, root ${record.root}; ${record.path}`
      : 'Record      none that can be read',
    ...continuations.map((says) => `Continues   ${says}`),
    ...unsigned,
  ];
}

function describeRenewed({ verifierKey, continuation, checkpoint, kept }: Renewed, file: string): Line[] {
  return [
    `Key         ${verifierKey}`,
    `File        ${file}`,
    `Says        ${continuation.says}`,
    `By          ${continuation.note === undefined ? 'the new key alone: the former key is not there to sign it too' : 'the new key, and the former one'}`,
    `Signed      ${counted(checkpoint.size, 'leaf', 'leaves')}`,
    ...kept.map((path) => `Kept        ${path}`),
    'Give the new key to everybody who verifies, and keep the former one: what it has signed stays valid.',
  ];
}

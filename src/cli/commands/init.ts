import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import type { Command } from '@commander-js/extra-typings';
import { newestCheckpoint } from '../../archive/checkpoints/make-checkpoint.ts';
import { type ArchivePlace, ensureArchive, findPlace } from '../../archive/file/ensure-archive.ts';
import { openExistingArchive } from '../../archive/file/open-archive.ts';
import type { SetAside } from '../../archive/file/set-aside.ts';
import { setMemoryAside } from '../../archive/file/set-memory-aside.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { settleArchiveNumber } from '../../archive/number/settle-archive-number.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { openSigner } from '../../ledger/notes/open-signer.ts';
import { parseNote } from '../../ledger/notes/signed-note.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { findPlaceOf, settleOwnFiles } from '../archive/own-files.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
"serve" and "ingest" make an archive by themselves. This command makes it before the first pass, so that you can note \
its key elsewhere. If other files show that there was an archive which is missing now, none of these commands makes a \
new one, except "init --new": it gives other names to the old key, to the record of what that key signed and to the \
remains of the old archive. The new archive gets a key of its own.`;

/** `init`: makes an archive and its key before anything is collected. */
export function addInit(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .description('make the archive and its key, and say what to do next')
    .option('--new', 'make a new archive with a key of its own, although other files show that there was one')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      if (!options.new) findPlaceOf(read);
      const { config, release } = await settleOwnFiles(read, ['ledgerKey', 'authDb'], terminal.note);
      release();
      const { db, ledgerKey } = config;
      const setAside = options.new ? await setMemoryAside(config, new Date()) : [];
      const made = { ...(await makeBoth(config)), archiveNumber: settleNumber(config) };
      if (options.json) terminal.json({ archive: db, ledgerKey, ...made, setAside });
      else terminal.out([...describeMade(config, made, setAside), '', ...NEXT]);
    });
}

interface Made {
  isArchiveMade: boolean;
  isKeyMade: boolean;
  verifierKey: string;
  archiveNumber: number | null;
}

/** Gives a new archive the number of the configuration, and returns it; null if none is configured. */
function settleNumber({ db: path, archiveNumber }: Config): number | null {
  if (archiveNumber === undefined) return null;
  const db = openExistingArchive(path);
  try {
    settleArchiveNumber(db.sqlite, archiveNumber, new Date().toISOString());
    return readArchiveNumber(db.sqlite);
  } finally {
    db.close();
  }
}

/**
 * Makes the key first: if we crash before the archive is made, the next call finds a key without an archive, which does
 * no harm.
 */
async function makeBoth(place: ArchivePlace): Promise<Omit<Made, 'archiveNumber'>> {
  if (!existsSync(place.ledgerKey) && findPlace(place) === 'archive') refuseSigned(place);
  const { verifierKey, isKeyMade } = openKey(place.ledgerKey);
  try {
    return { isArchiveMade: await ensureArchive(place), isKeyMade, verifierKey };
  } catch (error) {
    // The new key can be removed, because it has signed nothing yet.
    if (isKeyMade) rmSync(place.ledgerKey, { force: true });
    throw error;
  }
}

/**
 * Opens the key in the file, and says whether this process has made that key: if several processes start at once, only
 * one of them makes it.
 */
function openKey(path: string): { verifierKey: string; isKeyMade: boolean } {
  const drawn: string[] = [];
  const { name, verifierKey } = openSigner(path, (size) => {
    const bytes = randomBytes(size);
    drawn.push(bytes.toString('hex'));
    return bytes;
  });
  // The name of a new key ends with the first random bytes that were drawn for it.
  return { verifierKey, isKeyMade: drawn[0] !== undefined && name.endsWith(drawn[0]) };
}

/**
 * Throws UserFault if the archive was signed by a key that is missing. A second key would look like a forgery to
 * everybody who knows the first.
 */
function refuseSigned({ db, ledgerKey }: ArchivePlace): void {
  const archive = openArchiveReadOnly(db);
  try {
    const newest = newestCheckpoint(archive.sqlite);
    if (newest === undefined) return;
    const [by] = parseNote(newest.note).signatures;
    throw new UserFault(
      `There is an archive at ${db}, signed by ${by?.name} until now, and that key is not at ${ledgerKey}. Put it back, or renew it: ssm-archive key renew. No other key was made.`,
      { exitCode: 2 },
    );
  } finally {
    archive.close();
  }
}

function describeMade({ db, ledgerKey }: ArchivePlace, made: Made, setAside: SetAside[]): string[] {
  const said = (isMade: boolean) => (isMade ? 'made' : 'was there already, and is unchanged');
  return [
    ...setAside.map(({ from, to }) => `Set aside  ${from} is ${to} now`),
    `Archive    ${db}: ${said(made.isArchiveMade)}`,
    ...(made.archiveNumber === null ? [] : [`Number     ${made.archiveNumber}, among the archives that share a lake`]),
    `Key        ${ledgerKey}: ${said(made.isKeyMade)}`,
    `           This key signs what the archive proves. Keep a copy of it apart from the archive's backups.`,
    `Public     ${made.verifierKey}`,
    '           Note this key elsewhere: with it anybody can check whether a pack or a checkpoint is from this archive.',
  ];
}

const NEXT = [
  'Next:',
  '  ssm-archive doctor    check credentials, permissions, clocks and disk',
  '  ssm-archive serve     collect now and every five minutes, and answer on port 8420',
];

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { type Backup, backupArchive } from '../../archive/file/backup/backup-archive.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ReadConfig } from '../../config/read-config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { asSentence, findPathFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { ALL_OWN_FILES, findOwnFiles } from '../archive/own-files.ts';
import { createShareDisplay } from '../display/show-share.ts';
import { stopSignal, type Terminal } from '../terminal.ts';
import { bytes, counted, duration } from '../text/format.ts';

const HELP = `
The copy is the archive as it was when the command began. It is checked before it gets its name. The archive may be \
in use meanwhile. The ledger's key, the tokens, the access log and saved reports are files of their own: the command \
says which of these files to keep too.`;

/** `backup`: makes a whole copy of the archive, even while others write to it. */
export function addBackup(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .description('copy the archive while it is in use, and check the copy')
    .argument('<file>', 'where the copy goes: a file that does not exist yet')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action(async (file, options) => {
      const read = loadConfig(faultOfSchedule);
      const { config } = read;
      const target = resolve(file);
      refuseTarget(target);
      const db = openArchiveReadOnly(config.db);
      const { signal } = stopSignal(terminal, 'Stopping. The unfinished backup will be removed.');
      const show = createShareDisplay(terminal, { doing: 'Copying', what: 'pages' });
      const startedAt = performance.now();
      try {
        const onProgress = ({ pages, of }: { pages: number; of: number }) => show(pages, of);
        const backup = await backupArchive(db.sqlite, { target, signal, onProgress, confirm: db.confirm });
        if (terminal.isInteractive) terminal.erase();
        const others = otherFiles(read);
        if (options.json) terminal.json({ archive: config.db, backup: target, ...backup, others });
        else terminal.out(describeBackup(target, backup, others, performance.now() - startedAt));
      } catch (error) {
        if (terminal.isInteractive) terminal.erase();
        if (!signal.aborted) throw error;
        terminal.note('Not backed up: stopped before the end.');
        process.exitCode = 1;
      } finally {
        db.close();
      }
    });
}

/**
 * Refuses the path of an existing file. Also refuses a path beside which another database left a -wal, -shm or -journal
 * file, because SQLite would take that file for the copy's own.
 */
function refuseTarget(target: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(target + end))
      throw new UserFault(
        `There is ${target + end} already: a backup never replaces another file. Give the name of a new file.`,
        {
          exitCode: 2,
        },
      );
  }
  const noPlace = findPathFault(target, 'write');
  if (noPlace !== undefined) throw new UserFault(asSentence(noPlace), { exitCode: 2 });
}

interface OtherFile {
  file: string;
  what: string;
}

/** Existing files of the installation that a backup of the archive does not contain. */
function otherFiles(read: ReadConfig): OtherFile[] {
  const { config, release } = findOwnFiles(read, ALL_OWN_FILES);
  release();
  const { ledgerKey, authDb, accessDb, reportsFile } = config;
  const files = [
    {
      file: ledgerKey,
      what: 'the key that signs checkpoints: anybody who has it can sign, so keep it apart from the copy',
    },
    { file: authDb, what: 'tokens and access keys' },
    { file: accessDb, what: 'the access log' },
    { file: reportsFile, what: 'saved reports' },
  ];
  return files.filter(({ file }) => existsSync(file));
}

function describeBackup(
  target: string,
  { bytes: size, leaves, root, checkpoint }: Backup,
  others: OtherFile[],
  elapsedMs: number,
): string[] {
  const signed = checkpoint ? `${counted(checkpoint.size, 'leaf', 'leaves')}, at ${checkpoint.madeAt}` : 'not yet';
  return [
    `Backup      ${target}, ${bytes(size)}`,
    `Checked     SQLite finds nothing wrong; the ledger and the newest checkpoint equal the archive's`,
    `Ledger      ${counted(leaves, 'leaf', 'leaves')}; root ${root}`,
    `Signed      ${signed}`,
    `Took        ${duration(elapsedMs)}`,
    ...(others.length > 0 ? ['Not in the copy; keep these too:'] : []),
    ...others.map(({ file, what }) => `            ${file}: ${what}`),
  ];
}

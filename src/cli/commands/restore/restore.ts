import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { restoreArchive } from '../../../archive/file/backup/restore-archive.ts';
import type { ArchivePlace } from '../../../archive/file/ensure-archive.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { ALL_OWN_FILES, findOwnFiles } from '../../archive/own-files.ts';
import { createShareDisplay } from '../../display/show-share.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { describeRestore } from './restore-lines.ts';

const HELP = `
The command checks the backup, copies it into the archive's folder, and gives the copy the archive's name as its last \
step. If the command ends before that step, the archive stays as it was. It says up to which time the backup reaches, \
and what was signed but is not in the backup. The key, the tokens, the access log and saved reports are files of their \
own, which no backup has.

Exit codes: 0 the backup is in place; 1 it is in place but lacks something that was signed, or it could not be put in \
place; 2 the call is wrong, there is an archive already, or the archive is in use.`;

/** `restore`: replaces the archive with a backup. */
export function addRestore(program: Command, terminal: Terminal): void {
  program
    .command('restore')
    .description('replace the archive with a backup, and say up to which time the backup reaches')
    .argument('<backup>', 'a file that "ssm-archive backup" has made')
    .option('--replace', 'rename the file that is there now; nothing is deleted')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async (file, options) => {
      const read = loadConfig(faultOfSchedule);
      const { config, release } = findOwnFiles(read, ALL_OWN_FILES);
      release();
      const place: ArchivePlace = { db: config.db, ledgerKey: config.ledgerKey, authDb: config.authDb };
      const backup = resolve(file);
      const { signal } = stopSignal(terminal, 'Stopping. The archive stays as it is.');
      const show = createShareDisplay(terminal, { doing: 'Copying', what: 'bytes' });
      const at = new Date();
      try {
        const restored = await restoreArchive({
          ...{ place, backup, isReplaceAllowed: options.replace === true, at, signal },
          onProgress: ({ bytes, of }) => show(bytes, of),
          onChecking: () => {
            if (terminal.isInteractive) terminal.erase();
            terminal.note('Checking the copy.');
          },
        });
        const { reach, loss, key } = restored;
        const missing = [config.authDb, config.accessDb, config.reportsFile].filter((path) => !existsSync(path));
        const { checkpoint, ...reached } = reach;
        const signed = checkpoint && { size: checkpoint.size, madeAt: checkpoint.madeAt, origin: checkpoint.origin };
        if (options.json)
          terminal.json({ archive: config.db, backup, ...restored, reach: { ...reached, checkpoint: signed } });
        else terminal.out(describeRestore(restored, { ...place, backup, missing, nowMs: at.getTime() }));
        if (loss.kind === 'leaves' || loss.kind === 'another' || key.state === 'false') process.exitCode = 1;
      } catch (error) {
        if (terminal.isInteractive) terminal.erase();
        if (!signal.aborted) throw error;
        terminal.note('Not restored: stopped before the end. The archive is as it was.');
        process.exitCode = 1;
      }
    });
}

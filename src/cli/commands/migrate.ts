import type { Command } from '@commander-js/extra-typings';
import { countUnsearchable } from '../../archive/figures/count-unsearchable.ts';
import { isArchive, type Migrated, migrateArchive } from '../../archive/file/migrate-archive.ts';
import { openExistingArchive } from '../../archive/file/open-archive.ts';
import { readyToWrite } from '../../archive/file/ready-to-write.ts';
import { indexOutputs } from '../../archive/record/index-outputs.ts';
import { loadConfig } from '../../config/load-config.ts';
import { newestSchema } from '../../db/migrate.ts';
import { MIGRATIONS, refuseMissing } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { stopSignal, type Terminal } from '../terminal.ts';

const HELP = `
"serve" and "ingest" also do this as they start. While anybody else has the archive open, even an idle older server, \
the command waits for up to 30 seconds, and then ends with exit code 2. It leaves the file in rollback mode, in which \
everybody who may read the file can open it. So run it also on a copy of an archive if the copy can't be read as it \
is.`;

/** `migrate`: brings an archive of an older version to this version. */
export function addMigrate(program: Command, terminal: Terminal): void {
  program
    .command('migrate')
    .description("bring the archive to this version's schema, while nobody else has it open")
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', HELP)
    .action(async (options) => {
      const { config } = loadConfig(faultOfSchedule);
      refuseMissing(config.db);
      const { signal } = stopSignal(terminal, 'Stopping.');
      const deps = { say: terminal.note, signal };
      const migrated = isArchive(config.db) ? await migrateArchive(config.db, deps) : undefined;
      const ready = await readyToWrite(config.db, deps);
      // This call refuses a file that is not an archive.
      const db = openExistingArchive(config.db, {
        onProgress: ({ leaves, of }) =>
          terminal.note(`Adding the older states to the ledger, which is done only once: ${leaves} of ${of}.`),
      });
      ready.release();
      if (countUnsearchable(db.sqlite) > 0) {
        terminal.note('Making the remaining outputs searchable. You may stop this: the next pass continues it.');
        await indexOutputs(db.sqlite, signal);
      }
      db.close();
      const schema = newestSchema(MIGRATIONS);
      if (options.json) terminal.json({ archive: config.db, from: migrated?.from ?? schema, to: schema });
      else terminal.out(describeMigrated(config.db, migrated, schema));
    });
}

function describeMigrated(path: string, migrated: Migrated | undefined, schema: number): string {
  return migrated === undefined
    ? `${path} has schema ${schema} already.`
    : `${path} has schema ${migrated.to} now; it had schema ${migrated.from}.`;
}

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { tempFolder } from '../../../db/temp-archive.ts';
import { sealedArchive } from '../../../lake/sealed-archive.ts';
import { type CliResult, runCli } from '../../run-cli.ts';

export interface Setting {
  folder: string;
  db: string;
  lake: string;
  days: readonly string[];
  cli(...args: string[]): Promise<CliResult>;
  read<Result>(ask: (sqlite: SQLite.Database) => Result): Result;
}

/** An archive of some days in March 2026, all of which are older than what the service shows. */
export async function setUp(env: Record<string, string> = {}): Promise<Setting> {
  const { sqlite, days, trial } = await sealedArchive({ sealed: 0, invocations: 120 });
  const folder = tempFolder();
  const db = join(folder, 'archive.db');
  await sqlite.backup(db);
  copyFileSync(trial.config.ledgerKey, join(folder, 'archive-ledger.key'));
  const settings = { SSM_ARCHIVE_DB: db, SSM_ARCHIVE_LAKE: 'lake', ...env };
  return {
    ...{ folder, db, lake: join(folder, 'lake'), days },
    cli: (...args) => runCli(folder, args, settings),
    read(ask) {
      const archive = new SQLite(db, { readonly: true });
      try {
        return ask(archive);
      } finally {
        archive.close();
      }
    },
  };
}

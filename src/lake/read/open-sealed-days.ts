import type { Database } from 'better-sqlite3';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../../archive/sealed/too-many-sealed-days.ts';
import { bringKey } from './bring-key.ts';
import { makeColdTables } from './cold-tables.ts';
import { daysToWalk, pastDays } from './days-to-walk.ts';
import type { LakeFiles } from './lake-files.ts';
import { openDayFiles } from './open-day-files.ts';
import { openLakeSql } from './open-lake-sql.ts';
import { type WalkTools, walkDays } from './walk-days.ts';

export interface SealedDaysDeps {
  /** Undefined if no lake is configured. */
  files: LakeFiles | undefined;
  /** Opens a connection to the archive that only reads. */
  connect(): Database;
}

/** Returns the archive's sealed days. DuckDB and a second connection are opened when the first question needs them. */
export function openSealedDays({ files, connect }: SealedDaysDeps): SealedDays & { close(): void } {
  let opened: Promise<WalkTools> | undefined;
  const open = async (): Promise<WalkTools> => {
    if (!files)
      throw new SealedUnreadable(
        'Some days of this archive are sealed, and no lake is configured. Set SSM_ARCHIVE_LAKE to the folder or bucket with the sealed days.',
      );
    const lake = await openLakeSql();
    const cold = makeColdTables(connect());
    const fresh = connect();
    return { lake, cold, openDay: (day, tables) => openDayFiles({ files, fresh }, day, tables) };
  };
  const tools = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async *walk(hot, search) {
      try {
        const found = { days: daysToWalk(hot, search), changed: pastDays(hot, search) };
        // Most questions are about days that are not sealed. They don't wait for DuckDB.
        if (found.days.length + found.changed.length === 0) return;
        yield* walkDays(await tools(), hot, search, found);
      } catch (error) {
        throw inWords(error);
      }
    },
    async bring(hot, key, parts) {
      try {
        return await bringKey(await tools(), hot, key, parts);
      } catch (error) {
        throw inWords(error);
      }
    },
    close() {
      void opened?.then(({ lake, cold }) => {
        lake.close();
        cold.sqlite.close();
      });
    },
  };
}

/** DuckDB's errors name files and bytes; a reader needs to know that it is the lake which can't be read. */
function inWords(error: unknown): Error {
  if (error instanceof SealedUnreadable || error instanceof TooManySealedDays) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SealedUnreadable(`Sealed days could not be read. ${reason}`, { cause: error });
}

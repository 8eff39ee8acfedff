import type { Database } from 'better-sqlite3';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import type { LakeFiles, LakePlace } from '../files/lake-files.ts';
import { bringKey } from './bring-key.ts';
import { bringLeaves } from './bring-leaves.ts';
import { makeColdTables } from './cold-tables.ts';
import { daysToWalk, pastDays } from './days-to-walk.ts';
import { inWords } from './in-words.ts';
import { openReadTools } from './open-read-tools.ts';
import { type WalkTools, walkDays } from './walk-days.ts';

export interface SealedDaysDeps {
  /** Undefined if no lake is configured. */
  place: LakePlace | undefined;
  /** Opens a connection to the archive that only reads. */
  connect(): Database;
}

interface Opened extends WalkTools {
  files: LakeFiles;
  close(): void;
}

/** Returns the archive's sealed days. DuckDB and a second connection are opened when the first question needs them. */
export function openSealedDays({ place, connect }: SealedDaysDeps): SealedDays & { close(): void } {
  let opened: Promise<Opened> | undefined;
  const tools = () => {
    opened ??= open(place, connect).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async *walk(hot, search) {
      const found = { days: daysToWalk(hot, search), changed: pastDays(hot, search) };
      // Most questions are about days that are not sealed. They don't wait for DuckDB.
      if (found.days.length + found.changed.length === 0) return;
      try {
        yield* walkDays(await tools(), hot, search, found);
      } catch (error) {
        throw inWords(error);
      } finally {
        await (await opened)?.files.release();
      }
    },
    async bring(hot, key, parts) {
      try {
        return await bringKey(tools, hot, key, parts);
      } catch (error) {
        throw inWords(error);
      } finally {
        await (await opened)?.files.release();
      }
    },
    async bringLeaves(hot, from, to) {
      try {
        return await bringLeaves(tools, hot, from, to);
      } catch (error) {
        throw inWords(error);
      } finally {
        await (await opened)?.files.release();
      }
    },
    close() {
      void opened?.then((all) => all.close());
    },
  };
}

async function open(place: LakePlace | undefined, connect: () => Database): Promise<Opened> {
  const fresh = connect();
  const tools = await openReadTools(place, fresh).catch((error: unknown) => {
    fresh.close();
    throw error;
  });
  const cold = makeColdTables(connect());
  return {
    ...{ ...tools, cold },
    close() {
      tools.close();
      cold.sqlite.close();
      fresh.close();
    },
  };
}

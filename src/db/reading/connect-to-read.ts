import SQLite, { type Database } from 'better-sqlite3';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { adaptDatabase } from './adapt-database.ts';
import { adaptErrors } from './adapt-error.ts';
import { loadNodeSqlite, openByUri } from './node-sqlite.ts';

/**
 * How a file is read without writing anything. `usual`: as SQLite reads it, if it is in rollback mode or others have it
 * open. `apart`: with a -wal and a -shm that a killed process has left; both stay as they are. `immutable`: without a
 * -wal, where SQLite would otherwise make one.
 */
const READ_MODES = ['usual', 'apart', 'immutable'] as const;
export type ReadMode = (typeof READ_MODES)[number];

/** SQLite's names of the modes: https://www.sqlite.org/uri.html and os_unix.c. */
const PARAMETERS = { apart: { readonly_shm: '1' }, immutable: { immutable: '1' } } as const;

/** Opens a file for reading. Throws as better-sqlite3 does, and UserFault if this Node can't open it in this mode. */
export function connectToRead(path: string, mode: ReadMode, timeoutMs: number): Database {
  if (mode === 'usual') return new SQLite(path, { readonly: true, fileMustExist: true, timeout: timeoutMs });
  const node = loadNodeSqlite();
  if (node === undefined)
    throw new UserFault(
      `${path} was not closed by this version of ssm-archive, and Node ${process.versions.node} can't read such a file without writing beside it. Use Node 24 or later, or let a user who may write run "ssm-archive migrate" first.`,
      { exitCode: 2 },
    );
  const sqlite = adaptErrors(() => openByUri(node, path, PARAMETERS[mode], timeoutMs));
  return adaptDatabase(sqlite, path, node.backup);
}

/** Returns the mode that an argument of a process names. */
export function readModeOf(argument: string | undefined): ReadMode {
  return READ_MODES.find((mode) => mode === argument) ?? 'usual';
}

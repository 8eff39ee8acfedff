import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { withoutWarnings } from '../../lib/process/without-warnings.ts';

type NodeSqlite = typeof import('node:sqlite');

let loaded: NodeSqlite | undefined;

/**
 * Node's own SQLite, which can open a file by a URI; undefined if this Node has none, or one without the features that
 * are needed here.
 */
export function loadNodeSqlite(): NodeSqlite | undefined {
  loaded ??= loadQuietly();
  return loaded;
}

/** Opens a file for reading by a URI with these parameters. */
export function openByUri(
  { DatabaseSync: Database }: NodeSqlite,
  path: string,
  parameters: Record<string, string>,
  timeoutMs: number,
): DatabaseSync {
  const url = pathToFileURL(path);
  for (const [name, value] of Object.entries({ mode: 'ro', ...parameters })) url.searchParams.set(name, value);
  return new Database(url, { readOnly: true, timeout: timeoutMs });
}

function loadQuietly(): NodeSqlite | undefined {
  try {
    const sqlite = withoutWarnings(() => process.getBuiltinModule('node:sqlite'));
    return sqlite !== undefined && isEnough(sqlite) ? sqlite : undefined;
  } catch {
    return undefined;
  }
}

/** Node 22.15 lacks the names of a statement's columns, rows as arrays, and FTS5. */
function isEnough({ DatabaseSync: Database, StatementSync }: NodeSqlite): boolean {
  if (!('columns' in StatementSync.prototype) || !('setReturnArrays' in StatementSync.prototype)) return false;
  const memory = new Database(':memory:');
  try {
    return memory.prepare("SELECT sqlite_compileoption_used('ENABLE_FTS5') AS has").get()?.has === 1;
  } finally {
    memory.close();
  }
}

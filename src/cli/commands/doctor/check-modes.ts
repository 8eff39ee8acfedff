import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listLeftWork } from '../../../archive/evidence/work-folder.ts';
import { archivesBeside } from '../../../archive/file/own-files/archives-beside.ts';
import type { Config } from '../../../config/config.ts';
import type { ReadConfig } from '../../../config/read-config.ts';
import type { Check } from '../../../ingest/check-source.ts';
import { counted } from '../../text/format.ts';

const OWNER_ONLY = 0o600;
const GROUP_READS = 0o040;

/** A file whose mode lets other users read it although they should not. */
interface WideFile {
  path: string;
  mode: number;
  /** The mode that the file should have. */
  remedy: string;
}

/**
 * Checks the modes of the installation's files, and says what to do about each mode that is wider than the
 * configuration allows. This version makes no file with a wider mode, but does not change files that already have one.
 * `config` has the paths of the files.
 */
export function checkModes({ fileMode, former }: ReadConfig, config: Config): Check[] {
  const what = 'file modes';
  // On Windows a file's mode says nothing about who may read it.
  if (process.platform === 'win32') return [];
  const { db, authDb, accessDb, ledgerKey, reportsFile } = config;
  const secrets = [...withLogs(authDb, former.authDb, accessDb, former.accessDb), ledgerKey, former.ledgerKey];
  const others = [...withLogs(db, ...archivesBeside(db)), reportsFile, former.reportsFile];
  const found = [
    ...[...tooWide(secrets, OWNER_ONLY), ...tooWide(others, fileMode)].map(
      ({ path, mode, remedy }) => `${path} has mode ${octal(mode)}. Run: chmod ${remedy} ${quoted(path)}`,
    ),
    ...namesOfMany(config).flatMap((prefix) => describeMany(prefix, fileMode)),
    ...(isTooNarrow(db, fileMode)
      ? [`The group of ${db} can't read it. Stop the server, and run: chmod ${octal(fileMode)} ${quoted(db)}`]
      : []),
    ...listLeftWork(dirname(db)).map((name) => {
      const path = join(dirname(db), name);
      return `${path} was left by a process that was killed while it ${name.startsWith('.sealing-') ? 'sealed a day' : 'made an evidence pack'}, unless a process on another machine is using it. Run: rm -r ${quoted(path)}`;
    }),
  ];
  if (found.length === 0)
    return [{ what, state: 'ok', detail: `new files get ${octal(fileMode)}; no file has a wider mode` }];
  return found.map((detail) => ({ what, state: 'warning', detail }));
}

/** Returns beginnings of paths. Thousands of files may share one beginning. */
function namesOfMany({ checkpointDirectory, deliveries }: Config): string[] {
  const delivered = deliveries.map(({ report, directory }) => join(directory, `${report}-`));
  const published = checkpointDirectory === undefined ? [] : [join(checkpointDirectory, 'checkpoint')];
  return [...new Set([...delivered, ...published])];
}

function describeMany(prefix: string, allowed: number): string[] {
  const [first, ...more] = tooWide(filesWith(prefix), allowed);
  if (first === undefined) return [];
  const what =
    more.length === 0
      ? `${first.path} has mode ${octal(first.mode)}`
      : `${counted(more.length + 1, 'file')} can be read by others, such as ${first.path} with mode ${octal(first.mode)}`;
  return [`${what}. Run: chmod ${first.remedy} ${quoted(prefix)}*`];
}

function filesWith(prefix: string): string[] {
  const folder = dirname(prefix);
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(basename(prefix)));
    return names.map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function withLogs(...paths: (string | undefined)[]): string[] {
  return paths.flatMap((path) => (path === undefined ? [] : [path, `${path}-wal`, `${path}-shm`]));
}

/**
 * Returns the files among `paths` whose modes give others more rights than `allowed`. The owner's rights don't matter.
 */
function tooWide(paths: readonly (string | undefined)[], allowed: number): WideFile[] {
  return paths.flatMap((path) => {
    const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    const mode = (stats?.mode ?? 0) & 0o777;
    if (path === undefined || !stats?.isFile() || (mode & 0o077 & ~allowed) === 0) return [];
    return [{ path, mode, remedy: octal(allowed) }];
  });
}

function isTooNarrow(path: string, allowed: number): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? allowed;
  return (allowed & GROUP_READS & ~mode) !== 0;
}

/** Returns the mode in the form that `chmod` takes. */
function octal(mode: number): string {
  return mode.toString(8);
}

/** Returns the path quoted as one word of a shell command. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

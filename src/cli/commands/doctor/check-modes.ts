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

/** A file that others may read though they should not. */
interface WideFile {
  path: string;
  mode: number;
  /** With which nobody could who should not. */
  remedy: string;
}

/**
 * The modes of the installation's files, with what to do about each that is wider than the configuration says: this version makes none
 * such, and changes none that it finds. `config` has the paths at which the files are.
 */
export function checkModes({ fileMode, former }: ReadConfig, config: Config): Check[] {
  const what = 'file modes';
  // Elsewhere a mode says nothing.
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
      return `${path} was left by a process that was killed while it made an evidence pack, unless one of another machine is at it. Run: rm -r ${quoted(path)}`;
    }),
  ];
  if (found.length === 0)
    return [{ what, state: 'ok', detail: `new files get ${octal(fileMode)}; none that is there has more` }];
  return found.map((detail) => ({ what, state: 'warning', detail }));
}

/** What the names of files begin with of which there may be thousands. */
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

/** Those that are files and have more than `allowed`. What only their owner may do more, such as to execute them, is no matter. */
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

/** As `chmod` takes it. */
function octal(mode: number): string {
  return mode.toString(8);
}

/** As one word of a shell. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

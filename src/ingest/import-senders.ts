import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createSenderRecorder } from '../archive/record/record-senders.ts';
import type { ArchiveDb } from '../db/open.ts';
import { asSentence, pathFault } from '../lib/errors/path-fault.ts';
import type { CommandSender } from '../model/command-sender.ts';
import { readSender } from '../upstream/trail/read-sender.ts';
import { readTrail, TrailUnreadable } from '../upstream/trail/read-trail.ts';

export interface ImportedSenders {
  files: number;
  /** Events of all kinds. */
  events: number;
  /** Commands whose sender is new to the archive. */
  kept: number;
  /** Events of commands whose sender was known already, from an earlier file or import. */
  known: number;
  /** Events of SendCommand that name no command. */
  unreadable: number;
  /** Files that end with a reply of lookup-events behind which more follow. What they have is kept. */
  partial: string[];
  /** What could not be read, each with the reason as a sentence. */
  skipped: { path: string; reason: string }[];
}

const STANDARD_INPUT = '-';

/**
 * Keeps who sent which command from CloudTrail's files: of folders, all in them that end in .json or .json.gz, one file at a
 * time and each in a transaction; `-` is standard input. What can't be read is skipped and told; repeating changes nothing.
 */
export function importSenders(
  { sqlite }: Pick<ArchiveDb, 'sqlite'>,
  paths: readonly string[],
  onFile: (done: number, of: number) => void = () => {},
): ImportedSenders {
  const record = createSenderRecorder(sqlite);
  const sum: ImportedSenders = { files: 0, events: 0, kept: 0, known: 0, unreadable: 0, partial: [], skipped: [] };
  const skip = (path: string, error: unknown) => sum.skipped.push({ path, reason: reasonOf(path, error) });
  const all = paths.flatMap((given) => filesOf(given, skip));
  for (const [done, path] of all.entries()) {
    onFile(done, all.length);
    try {
      const { events, isPartial } = readTrail(readFileSync(path === STANDARD_INPUT ? 0 : path));
      const read = events.map(readSender).filter((sender) => sender !== undefined);
      const senders = read.filter((sender): sender is CommandSender => sender !== 'unreadable');
      const kept = record(senders);
      sum.files += 1;
      if (isPartial) sum.partial.push(path);
      sum.events += events.length;
      sum.kept += kept;
      sum.known += senders.length - kept;
      sum.unreadable += read.length - senders.length;
    } catch (error) {
      skip(path, error);
    }
  }
  return sum;
}

function filesOf(path: string, skip: (path: string, error: unknown) => void): string[] {
  if (path === STANDARD_INPUT) return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && /\.json(\.gz)?$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    skip(path, error);
    return [];
  }
}

/** Throws on what is no fault of the file: the archive's own errors. */
function reasonOf(path: string, error: unknown): string {
  if (error instanceof TrailUnreadable) return error.message;
  const fault = pathFault(path, error);
  if (fault === undefined) throw error;
  return asSentence(fault);
}

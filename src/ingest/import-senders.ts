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
  /** How many events were read, of all kinds. */
  events: number;
  /** Commands whose sender the archive did not know before. */
  kept: number;
  /** Events of commands whose sender was already known from an earlier file or import. */
  known: number;
  /** Events of SendCommand that name no command id. */
  unreadable: number;
  /**
   * Files that hold an unfinished reply of lookup-events: it has a token for more events. The events that such a file
   * has are kept.
   */
  partial: string[];
  /** The files and events that could not be read, each as a sentence with the reason. */
  skipped: { path: string; reason: string }[];
}

const STANDARD_INPUT = '-';

/**
 * Reads from CloudTrail's files who sent which command, and keeps it. A folder means all files in it that end in .json
 * or .json.gz; `-` means standard input. Each file is one transaction. What can't be read is skipped and reported.
 * Repeating an import changes nothing.
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

/** Throws errors that are not the file's fault, such as errors of the archive. */
function reasonOf(path: string, error: unknown): string {
  if (error instanceof TrailUnreadable) return error.message;
  const fault = pathFault(path, error);
  if (fault === undefined) throw error;
  return asSentence(fault);
}

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { joined } from '../../../db/condition.ts';
import { readOutputFacts } from '../../../ledger/entries/read-output-facts.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { conditionsOf, PRESENT } from '../../invocations/invocation-filter.ts';
import { createInvocationReader, type PluginView } from '../../invocations/invocation-view.ts';
import { listFullOutputs } from '../../outputs/list-full-outputs.ts';
import { createRowRedaction } from '../redact-row.ts';
import { createOutputPacker, type LeftOut } from './create-output-packer.ts';
import { fileOfOutput, type PackedOutput } from './full-output-of-entry.ts';

/** A text on the page, of which only the beginning is shown. */
export interface Shown {
  /** Null if the pack does not have the text. */
  beginning: string | null;
  /** Whether there is more of it in its file. */
  hasMore: boolean;
  /** The file with all of it; null if the pack does not have it. */
  file: string | null;
}

/** A step of an invocation with all that the pack has of what it printed. */
export interface PrintedStep {
  position: number;
  name: string | null;
  /** What AWS lists; undefined if the last state of the invocation does not have the step any more. */
  listed: (Shown & { step: PluginView }) | undefined;
  /** What was fetched, the longest of each stream first. */
  fetched: readonly (Shown & { output: PackedOutput })[];
}

export interface PrintedInvocation {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  steps: readonly PrintedStep[];
}

/** The page shows at most this much. A hostile fleet must not make a page that no program can open. */
export const MOST_PRINTED = 50;
const MOST_TEXTS = 300;
const MOST_BYTES = 1500;
const MOST_LINES = 12;

/**
 * Returns what the first invocations that a filter finds have printed, as far as the pack has it in this folder: the
 * beginnings of what AWS lists and of what was fetched.
 */
export function listPrinted(
  sqlite: Database,
  folder: string,
  { filter, redacted, withoutOutputs }: LeftOut & { filter: InvocationFilter },
): PrintedInvocation[] {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const ids = sqlite
    .prepare<unknown[], number>(
      `SELECT i.id FROM invocations i WHERE ${sql} ORDER BY i.requested_at, i.id LIMIT ${MOST_PRINTED}`,
    )
    .pluck()
    .all(...params);
  const read = createInvocationReader(sqlite, PRESENT, 'plugins');
  const redact = redacted.length > 0 ? createRowRedaction(redacted) : undefined;
  const pack = createOutputPacker({ redacted, withoutOutputs });
  const found: PrintedInvocation[] = [];
  let texts = 0;
  for (const id of ids) {
    const { accountId, region, commandId, instanceId, plugins = [] } = redact ? redact(read(id)) : read(id);
    const fetched = listFullOutputs(sqlite, id).flatMap(({ seq, outputId }) => {
      const facts = readOutputFacts(sqlite, seq);
      return facts ? [pack(facts, outputId === null).output] : [];
    });
    texts += plugins.length + fetched.length;
    if (texts > MOST_TEXTS) break;
    const positions = new Set([...plugins, ...fetched].map(({ position }) => position));
    const steps = [...positions].map((position): PrintedStep => {
      const step = plugins.find((one) => one.position === position);
      const ofStep = fetched.filter((one) => one.position === position);
      return {
        position,
        name: step?.name ?? ofStep[0]?.name ?? null,
        listed: step && { ...shown(folder, fileOfDigest(step.outputSha256), 'utf-8'), step },
        fetched: ofStep.map((output) => ({ ...shown(folder, output.file, output.encoding), output })),
      };
    });
    found.push({ accountId, region, commandId, instanceId, steps });
  }
  return found;
}

function fileOfDigest(digest: string | null): string | null {
  return digest === null ? null : fileOfOutput(digest);
}

/** The beginning of a text that the pack has. Only so many bytes are read of its file. */
function shown(folder: string, file: string | null, encoding: string): Shown {
  const path = file === null ? '' : join(folder, file);
  if (file === null || !existsSync(path)) return { beginning: null, hasMore: false, file: null };
  const bytes = firstBytes(path);
  const isLong = statSync(path).size > bytes.length;
  const lines = textOf(bytes, encoding).replaceAll('\r\n', '\n').split('\n');
  const hasMore = isLong || lines.length > MOST_LINES + 1;
  return { beginning: lines.slice(0, hasMore ? MOST_LINES : undefined).join('\n'), hasMore, file };
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** The text without a mark of the byte order, and without the part of a character at its end. */
function textOf(bytes: Buffer, encoding: string): string {
  if (encoding === 'latin1') return bytes.toString('latin1');
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { joined } from '../../../db/condition.ts';
import { prepareOnce } from '../../../db/prepare-once.ts';
import type { OutputFacts } from '../../../ledger/entries/output-entry.ts';
import { OUTPUT_FACTS } from '../../../ledger/entries/read-output-facts.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { createProver } from '../../../ledger/tree/create-prover.ts';
import { bytesOfText } from '../../../model/outputs/output-encoding.ts';
import { conditionsOf, PRESENT } from '../../invocations/invocation-filter.ts';
import { readSealedDays } from '../../sealed/read-sealed-days.ts';
import type { StatesToWrite } from '../write-states.ts';
import { createOutputPacker } from './create-output-packer.ts';
import { fileOfOutput, type PackedOutput } from './full-output-of-entry.ts';

export interface WrittenFullOutputs {
  fullOutputs: number;
  /** The `seq`s of the tombstones that pruned texts of them. */
  tombstones: Set<number>;
}

interface Row extends OutputFacts {
  seq: number;
  outputId: number | null;
  tombstoneSeq: number | null;
}

/** Whether anything was ever fetched. What was fetched of sealed days may be in the lake alone. */
export function haveFullOutputs(sqlite: Database): boolean {
  return (
    sqlite.prepare('SELECT 1 FROM main.full_outputs LIMIT 1').get() !== undefined ||
    readSealedDays(sqlite).some(({ objects }) =>
      objects.some(({ table, rows }) => table === 'full_outputs' && rows > 0),
    )
  );
}

/**
 * Writes what was fetched of the invocations that a filter finds, in the order of the ledger: one line for each stream,
 * with its entry and proof, and its bytes as they came into a file in `folder`. One text at a time is in memory.
 */
export function writeFullOutputs(
  sqlite: Database,
  { filter, size, redacted, withoutOutputs }: StatesToWrite & { withoutOutputs: boolean },
  { write, folder }: { write: (line: string) => void; folder: string },
): WrittenFullOutputs {
  const prover = createProver(tileStore(sqlite).read, size);
  const pack = createOutputPacker({ redacted, withoutOutputs });
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const rows = sqlite
    .prepare<unknown[], Row>(
      `SELECT f.seq, f.output_id AS outputId, ${OUTPUT_FACTS},
              (SELECT CASE WHEN l.to_seq >= f.seq THEN l.tombstone_seq END FROM main.pruned_leaves l
                WHERE l.what = 'outputs' AND l.from_seq <= f.seq ORDER BY l.from_seq DESC LIMIT 1) AS tombstoneSeq
         FROM invocations i JOIN full_outputs f ON f.invocation_id = i.id WHERE ${sql} ORDER BY f.seq`,
    )
    .iterate(...params);
  const found: WrittenFullOutputs = { fullOutputs: 0, tombstones: new Set() };
  for (const { seq, outputId, tombstoneSeq, ...facts } of rows) {
    const isPruned = tombstoneSeq !== null;
    const { output, entry, openings } = pack(facts, isPruned);
    const leaf = seq - 1;
    const proof = prover.inclusion(leaf).map((hash) => hash.toString('base64'));
    write(`${JSON.stringify({ ...output, leaf, entry, openings, proof })}\n`);
    found.fullOutputs += 1;
    if (isPruned) found.tombstones.add(tombstoneSeq);
    writeBytes(sqlite, folder, output, outputId);
  }
  return found;
}

/** Most nodes of a fleet print the same, and a state may name the same text: it has one file. */
function writeBytes(sqlite: Database, folder: string, { file, encoding }: PackedOutput, outputId: number | null): void {
  if (file === null || existsSync(join(folder, file))) return;
  const read = prepareOnce<[number | null], string>(sqlite, 'SELECT text FROM outputs WHERE id = ?');
  const text = read.pluck().get(outputId);
  const bytes = text === undefined ? undefined : bytesOfText(text, encoding);
  // If a text is missing, the pack is still made: the line names its file, so the verifier will report it.
  if (bytes) writeFileSync(join(folder, file), bytes);
}

/** Writes the outputs that states name, each into a file of its own. Makes the folder for all outputs. */
export function writeOutputs(sqlite: Database, folder: string, digests: ReadonlySet<string>): void {
  mkdirSync(join(folder, 'outputs'));
  const find = sqlite.prepare<[Buffer], string>('SELECT text FROM outputs WHERE sha256 = ?').pluck();
  for (const digest of digests) {
    const text = find.get(Buffer.from(digest, 'hex'));
    // If an output is missing, the pack is still made: a state names the output, so the verifier will report it.
    if (text !== undefined) writeFileSync(join(folder, fileOfOutput(digest)), text);
  }
}

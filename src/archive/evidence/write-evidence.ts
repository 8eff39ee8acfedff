import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { joined } from '../../db/condition.ts';
import { parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { cosignedNote } from '../checkpoints/cosigned-note.ts';
import type { MadeCheckpoint } from '../checkpoints/make-checkpoint.ts';
import { exportInvocations } from '../invocations/export-invocations.ts';
import { conditionsOf, PRESENT } from '../invocations/invocation-filter.ts';
import { withCommandsOfPack } from './commands/commands-of-pack.ts';
import {
  haveSenders,
  type ListedCommand,
  writeCommandRows,
  writeCommandStates,
  writeSenders,
} from './commands/write-commands.ts';
import type { PackCoverage } from './coverage/state-pack-coverage.ts';
import { type EvidenceQuestion, type EvidenceSummary, FILES, type PackUnseen } from './evidence.ts';
import {
  haveFullOutputs,
  type WrittenFullOutputs,
  writeFullOutputs,
  writeOutputs,
} from './outputs/write-full-outputs.ts';
import { createRowRedaction } from './redact-row.ts';
import { toFile } from './to-file.ts';
import { type StatesToWrite, writeStates, writeTombstones } from './write-states.ts';

export interface EvidenceSource {
  question: EvidenceQuestion;
  unseen: readonly PackUnseen[];
  /** A checkpoint of exactly the leaves that the transaction sees. */
  checkpoint: MadeCheckpoint;
  verifierKey: string;
  /** The signed certificate of coverage for the span, and its content. */
  certificate: string;
  coverage: PackCoverage;
  archiveVersion: string;
  onStates?: ((states: number) => void) | undefined;
}

/** A pack that is written, with the commands for its page. */
export interface WrittenEvidence {
  summary: EvidenceSummary;
  commands: readonly ListedCommand[];
}

const STATES_A_TELLING = 1000;

/** Writes the content of a pack into a folder. Reads the archive in the connection's open transaction. */
export function writeEvidence(sqlite: Database, folder: string, source: EvidenceSource): WrittenEvidence {
  const { question, unseen, checkpoint, verifierKey, certificate, coverage, archiveVersion } = source;
  const { filter, redacted = [] } = question;
  const withoutOutputs = question.withoutOutputs || redacted.includes('Output');
  const { name: origin, pem } = parseVerifierKey(verifierKey);
  const text = (name: string, content: string) => writeFileSync(join(folder, name), content);
  text(FILES.checkpoint, cosignedNote(sqlite, checkpoint));
  text(FILES.key, `${verifierKey}\n`);
  text(FILES.pem, pem);
  text(FILES.certificate, certificate);

  let told = 0;
  const found = toFile(join(folder, FILES.states), (write) =>
    writeStates(sqlite, { filter, redacted, size: checkpoint.size }, (line) => {
      write(line);
      told += 1;
      if (told % STATES_A_TELLING === 0) source.onStates?.(told);
    }),
  );
  if (!withoutOutputs) writeOutputs(sqlite, folder, found.outputs);
  const fetched = fetchedOf(sqlite, folder, { filter, redacted, size: checkpoint.size, withoutOutputs });
  const tombstones = new Set([...found.tombstones, ...fetched.tombstones]);
  if (tombstones.size > 0)
    toFile(join(folder, FILES.tombstones), (write) =>
      writeTombstones(sqlite, { seqs: tombstones, size: checkpoint.size }, write),
    );
  const asked = { filter, sort: 'requestedAt', isDescending: false, include: 'plugins', csvForm: 'safe' } as const;
  const redact = redacted.length > 0 ? { change: createRowRedaction(redacted) } : {};
  const invocations = toFile(join(folder, FILES.rows), (write) =>
    exportInvocations(sqlite, { ...asked, ...redact, format: 'ndjson' }, { push: write }),
  );
  toFile(join(folder, FILES.csv), (write) =>
    exportInvocations(sqlite, { ...asked, ...redact, format: 'csv' }, { push: write }),
  );
  const { listed, ...ofCommands } = writeCommands(sqlite, folder, { filter, redacted, size: checkpoint.size });
  const summary = {
    coverage,
    ...{ madeAt: checkpoint.madeAt, archiveVersion, question },
    ...(unseen.length > 0 && { neverSeen: unseen }),
    ...{ invocations, states: found.states },
    outputs: found.outputs.size,
    fullOutputs: fetched.fullOutputs,
    withheldStates: found.withheld,
    ...ofCommands,
    byStatus: countByStatus(sqlite, question),
    ...{ size: checkpoint.size, origin, verifierKey },
  };
  return { summary, commands: listed };
}

/** Writes all that was printed beyond what the listing showed. The file is left out if nothing was ever fetched. */
function fetchedOf(
  sqlite: Database,
  folder: string,
  packed: StatesToWrite & { withoutOutputs: boolean },
): WrittenFullOutputs {
  if (!haveFullOutputs(sqlite)) return { fullOutputs: 0, tombstones: new Set() };
  return toFile(join(folder, FILES.fullOutputs), (write) => writeFullOutputs(sqlite, packed, { write, folder }));
}

/** Writes what was run: the commands, their states, and who sent them. */
function writeCommands(sqlite: Database, folder: string, { filter, ...packed }: StatesToWrite) {
  return withCommandsOfPack(sqlite, filter, () => {
    const states = toFile(join(folder, FILES.commandStates), (write) => writeCommandStates(sqlite, packed, write));
    const { commands, listed } = toFile(join(folder, FILES.commandRows), (rows) =>
      toFile(join(folder, FILES.commandCsv), (csv) => writeCommandRows(sqlite, packed, { rows, csv })),
    );
    const senders = haveSenders(sqlite)
      ? toFile(join(folder, FILES.senders), (write) => writeSenders(sqlite, packed, write))
      : 0;
    return { commands, ...states, senders, listed };
  });
}

function countByStatus(sqlite: Database, { filter }: EvidenceQuestion): Record<string, number> {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const rows = sqlite
    .prepare<unknown[], { status: string; count: number }>(
      `SELECT coalesce(i.status, '') AS status, count(*) AS count FROM invocations i WHERE ${sql} GROUP BY 1 ORDER BY 2 DESC`,
    )
    .all(...params);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

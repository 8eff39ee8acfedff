import { recordFullOutputs } from '../../../../src/archive/record/record-full-outputs.ts';
import type { ArchiveDb } from '../../../../src/db/open.ts';
import type { FetchedOutput, Provenance } from '../../../../src/model/outputs/full-output.ts';
import { rawPlugin, SOURCE } from '../../../archive/raw-invocation.ts';

/** What the agent shows of an output that it cut. */
export const CUT = `${'x'.repeat(2477)}\n---Output truncated---`;
export const FETCHED_AT = '2026-03-01T12:00:00.000Z';

/** An invocation of one step, whose output is cut unless another one is given. */
export const invocationOf = (CommandId: string, Output = CUT) => ({
  CommandId,
  CommandPlugins: [rawPlugin({ Output })],
});

export const pathOf = (command: string) =>
  `/invocations/${SOURCE.accountId}/${SOURCE.region}/${command}/i-0123456789abcdef0`;

/** A stream that came whole, unless `more` says otherwise. */
export function streamOf(
  stream: FetchedOutput['stream'],
  text: string | Buffer,
  more: Partial<FetchedOutput> = {},
): FetchedOutput {
  const bytes = Buffer.from(text);
  return { stream, bytes, totalBytes: bytes.length, cutBy: null, location: null, ...more };
}

/** Records what was fetched of the step of a command. */
export function fetchedOf(
  { sqlite }: Pick<ArchiveDb, 'sqlite'>,
  { command, provenance, position = 0 }: { command: string; provenance: Provenance; position?: number },
  fetched: readonly FetchedOutput[],
): void {
  const step = { position, name: 'runShellScript', provenance, fetchedAt: FETCHED_AT };
  recordFullOutputs(sqlite, { ...step, invocationId: idOf({ sqlite }, command) }, fetched);
}

/** Queues the step of a command for a place. */
export function queueOf(
  { sqlite }: Pick<ArchiveDb, 'sqlite'>,
  command: string,
  row: { provenance: Provenance; tries?: number; lastError?: string; gaveUpAt?: string },
): void {
  const { provenance, tries = 0, lastError = null, gaveUpAt = null } = row;
  sqlite
    .prepare(
      `INSERT INTO output_queue (invocation_id, position, provenance, account_id, region, requested_at, tries, last_error, gave_up_at)
       VALUES (?, 0, ?, ?, ?, '2026-03-01T09:30:00.000Z', ?, ?, ?)`,
    )
    .run(idOf({ sqlite }, command), provenance, SOURCE.accountId, SOURCE.region, tries, lastError, gaveUpAt);
}

function idOf({ sqlite }: Pick<ArchiveDb, 'sqlite'>, command: string): number {
  return Number(sqlite.prepare('SELECT id FROM invocations WHERE command_id = ?').pluck().get(command));
}

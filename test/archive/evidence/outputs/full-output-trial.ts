import type { Database } from 'better-sqlite3';
import { recordFullOutputs } from '../../../../src/archive/record/record-full-outputs.ts';
import type { FetchedOutput, Provenance } from '../../../../src/model/outputs/full-output.ts';

export const FETCHED_AT = '2026-03-01T11:00:00.000Z';
export const BUCKET = 'secret-bucket';
export const GROUP = '/secret/group';
/** What was fetched: longer than a listing shows, with a byte-order mark and NULs, in a code page, cut, and empty. */
export const TEXTS = {
  long: Buffer.from(`<b>begin</b> \u202e\n${'line\n'.repeat(1000)}end of it\n`),
  wide: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Größe\u0000 €\r\n'.repeat(50), 'utf16le')]),
  page: Buffer.from('caf\xe9 \x80 of a code page\n', 'latin1'),
  cut: Buffer.from(`${'x'.repeat(23_990)}cut here`),
  empty: Buffer.alloc(0),
} as const;

/** Records what was fetched of a step of an invocation. */
export function fetched(
  sqlite: Database,
  [instanceId, position]: readonly [string, number],
  provenance: Provenance,
  ...outputs: readonly FetchedOutput[]
): void {
  const find = sqlite.prepare<[string], number>('SELECT id FROM invocations WHERE instance_id = ?').pluck();
  const invocationId = find.get(instanceId) ?? 0;
  sqlite.transaction(() =>
    recordFullOutputs(
      sqlite,
      { invocationId, position, name: 'runShellScript', provenance, fetchedAt: FETCHED_AT },
      outputs,
    ),
  )();
}

/** What a place has of a stream, whole unless something else is said. */
export function output(bytes: Buffer, more: Partial<FetchedOutput> = {}): FetchedOutput {
  return { stream: 'stdout', bytes, totalBytes: bytes.length, cutBy: null, location: null, ...more };
}

/** Seven fetched outputs of four steps: two of them have the same bytes, and two had more. */
export function fetchedOutputs(sqlite: Database): void {
  const inBucket = (key: string) => ({ location: { bucket: BUCKET, key } });
  const inGroup = { location: { logGroup: GROUP, logStream: 'c/i-2/runShellScript/stdout' } };
  const cut = { totalBytes: null, cutBy: 'service' } as const;
  fetched(sqlite, ['i-1', 1], 'get', output(TEXTS.cut, cut), output(TEXTS.empty, { stream: 'stderr' }));
  fetched(sqlite, ['i-1', 1], 's3', output(TEXTS.long, inBucket('c/i-1/stdout')));
  fetched(sqlite, ['i-2', 0], 'logs', output(TEXTS.wide, inGroup));
  fetched(sqlite, ['i-3', 0], 's3', output(TEXTS.long, inBucket('c/i-3/stdout')));
  const most = { ...inBucket('c/i-4/stderr'), stream: 'stderr', totalBytes: 30_000_000, cutBy: 'limit' } as const;
  fetched(sqlite, ['i-4', 0], 's3', output(TEXTS.page, most));
  fetched(sqlite, ['i-7', 0], 'get', output(TEXTS.page));
}

import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { isFinal } from '../../model/final-status.ts';
import type { ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import { asMembers } from '../../model/read-member.ts';
import { decodeStates } from '../../model/state-codec.ts';

/** How an invocation differs between the service's present reply and the archive. */
export type Compared =
  | { kind: 'equal' | 'missing' }
  /** `wasFinal`: the service changed a final invocation. */
  | { kind: 'differs'; wasFinal: boolean; members: string[] };

interface LastState {
  states: Buffer;
  bytes: Buffer;
  line: number;
  status: string | null;
}

/**
 * Prepares the statements once and returns a function that compares with the file. It only reads. An invocation that is
 * in the lake alone is missing in the file.
 */
export function createComparer(sqlite: Database): (source: SourceKey, observed: ObservedInvocation) => Compared {
  const last = sqlite.prepare<unknown[], LastState>(
    `SELECT p.states, d.bytes, r.line, i.status FROM invocations i JOIN revisions r ON r.invocation_id = i.id
       JOIN revision_pages p ON p.id = r.page_id JOIN state_dictionaries d ON d.id = p.dictionary_id
      WHERE i.command_id = ? AND i.account_id = ? AND i.region = ? AND i.instance_id = ? ORDER BY r.seq DESC LIMIT 1`,
  );
  return ({ accountId, region }, { commandId, instanceId, normalize }) => {
    const row = last.get(commandId, accountId, region, instanceId);
    if (!row) return { kind: 'missing' };
    const stateJson = decodeStates(row.states, row.bytes)[row.line] ?? '';
    return compareStates({ stateJson, status: row.status }, { normalize });
  };
}

/** Compares the last state that the archive has of an invocation, in the file or in the lake, with the service's reply. */
export function compareStates(
  { stateJson: kept, status }: { stateJson: string; status: string | null },
  { normalize }: Pick<ObservedInvocation, 'normalize'>,
): Compared {
  const { stateJson } = normalize();
  if (kept === stateJson) return { kind: 'equal' };
  return { kind: 'differs', wasFinal: isFinal(status), members: differing(kept, stateJson) };
}

/** The names of the service's members that differ. */
function differing(a: string, b: string): string[] {
  const [before, now] = [a, b].map((json) => asMembers(JSON.parse(json)) ?? {});
  if (!before || !now) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const form = (value: unknown) => (value === undefined ? '' : canonicalJson(value));
  return [...names].filter((name) => form(before[name]) !== form(now[name])).sort();
}

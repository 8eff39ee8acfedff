import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { type CommittedMember, commitParts, commitState, createCommitter, type Opening } from './commitments.ts';

/** The facts about a revision besides its state. */
export interface RevisionFacts {
  accountId: string;
  region: string;
  observedAt: string;
  /** The fingerprint of the invocation as the reply had it; null for revisions from before the ledger. */
  fingerprint: Buffer | null;
  /** The state's line in its batch, from 0. */
  line: number;
}

/** The facts about a state batch that the entries of its states contain. */
export interface BatchFacts {
  /** batchDigest of the batch as it was written. */
  digest: Buffer;
  /**
   * The secret from which the salts of commitments are made, of the batch or of the state's line; null for batches from
   * before there were commitments.
   */
  salt: Buffer | null;
}

/**
 * Returns the entry of a revision: RFC 8785 JSON of the observed state, its invocation and its time, with commitments
 * instead of members that may be secret. It is joined from parts, because the state is canonical JSON already. `state`
 * is the text, or the text cut at the values that may be secret. `tell` receives the salts and values of the
 * commitments, and of a state that is cut no names of members.
 */
export function revisionEntry(
  { accountId, region, observedAt, fingerprint, line }: RevisionFacts,
  { digest, salt }: BatchFacts,
  state: string | readonly string[],
  tell?: (opening: Opening, member: CommittedMember | undefined) => void,
): string {
  const commit = salt && createCommitter(salt, line, tell);
  const quoted = fingerprint && `"${fingerprint.toString('hex')}"`;
  const print = quoted === null ? '' : `"fingerprint":${commit ? commit(quoted) : quoted},`;
  const pack = line === 0 ? `"pack":"${digest.toString('hex')}",` : '';
  const stateJson = typeof state === 'string' ? state : state.join('');
  const shown = !commit
    ? stateJson
    : typeof state === 'string'
      ? commitState(state, commit)
      : commitParts(state, commit);
  return `{"accountId":${canonicalJson(accountId)},${print}"kind":"revision","observedAt":${canonicalJson(observedAt)},${pack}"region":${canonicalJson(region)},"state":${shown}}`;
}

/**
 * The digest of a state batch. If its entries have commitments, the digest is salted too: otherwise somebody could
 * guess the only state of a batch and check the guess with the digest.
 */
export function batchDigest(states: Buffer, salt: Buffer | null): Buffer {
  return sha256Of(salt ? Buffer.concat([salt, states]) : states);
}

/** A row of a table by column names, as the driver returns it. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Returns the ledger's entry for a row as it is now, with additional facts. Bytes become lower-case hex. */
export function rowEntry(table: string, row: TableRow, more: Readonly<Record<string, unknown>> = {}): string {
  return canonicalJson({ ...more, kind: 'row', table, row: plainRow(row) });
}

/** Returns a row with its bytes in hex, as in an entry. */
export function plainRow(row: TableRow): TableRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value]),
  );
}

/** A command whose end nobody saw, and the time from which the service no longer showed it. */
export interface ForgottenFacts {
  accountId: string;
  region: string;
  commandId: string;
  at: string;
}

/** Returns the entry of a command that the service forgot before its end was seen. */
export function forgottenEntry({ accountId, region, commandId, at }: ForgottenFacts): string {
  return canonicalJson({ kind: 'forgotten', accountId, region, commandId, at });
}

/** Returns the entry of a forgotten command that the service shows again. */
export function rememberedEntry({ accountId, region, commandId, at }: ForgottenFacts): string {
  return canonicalJson({ kind: 'remembered', accountId, region, commandId, at });
}

import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { type CommittedMember, commitState, createCommitter, type Opening } from './commitments.ts';

/** What a revision says beside its state. */
export interface RevisionFacts {
  accountId: string;
  region: string;
  observedAt: string;
  /** Of the reply's own form; null for revisions of before the ledger. */
  fingerprint: Buffer | null;
  /** The state's line of its state batch, from 0. */
  line: number;
}

/** What the entries of states that are stored together say of their state batch. */
export interface BatchFacts {
  /** batchDigest of the states as they were written. */
  digest: Buffer;
  /** What commitments are salted from; null for batches of before there were any. */
  salt: Buffer | null;
}

/**
 * The entry of a revision: RFC 8785 JSON of the state that was seen, of whom, where and when, with commitments in place of what may be
 * secret. Put together, since the state is canonical JSON already. `tell` is given what the commitments were made of.
 */
export function revisionEntry(
  { accountId, region, observedAt, fingerprint, line }: RevisionFacts,
  { digest, salt }: BatchFacts,
  stateJson: string,
  tell?: (opening: Opening, member: CommittedMember | undefined) => void,
): string {
  const commit = salt && createCommitter(salt, line, tell);
  const quoted = fingerprint && `"${fingerprint.toString('hex')}"`;
  const print = quoted === null ? '' : `"fingerprint":${commit ? commit(quoted) : quoted},`;
  const pack = line === 0 ? `"pack":"${digest.toString('hex')}",` : '';
  const state = commit ? commitState(stateJson, commit) : stateJson;
  return `{"accountId":${canonicalJson(accountId)},${print}"kind":"revision","observedAt":${canonicalJson(observedAt)},${pack}"region":${canonicalJson(region)},"state":${state}}`;
}

/** The digest of a state batch, salted like the commitments where there are any: a batch of one state would tell of it. */
export function batchDigest(states: Buffer, salt: Buffer | null): Buffer {
  return sha256Of(salt ? Buffer.concat([salt, states]) : states);
}

/** A row of a table by its columns' names, as the driver gives it. */
export type TableRow = Readonly<Record<string, unknown>>;

/** The entry of a row as it stood when it was written, with what else is to be said of it. Bytes are lower-case hex. */
export function rowEntry(table: string, row: TableRow, more: Readonly<Record<string, unknown>> = {}): string {
  return canonicalJson({ ...more, kind: 'row', table, row: plainRow(row) });
}

/** A row with its bytes in hex: as an entry has it. */
export function plainRow(row: TableRow): TableRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value]),
  );
}

/** A command whose end nobody saw, and since when the service shows it no more. */
export interface ForgottenFacts {
  accountId: string;
  region: string;
  commandId: string;
  at: string;
}

/** The entry of a command that the service has forgotten before its end was seen. */
export function forgottenEntry({ accountId, region, commandId, at }: ForgottenFacts): string {
  return canonicalJson({ kind: 'forgotten', accountId, region, commandId, at });
}

/** The entry of such a command that the service shows again. */
export function rememberedEntry({ accountId, region, commandId, at }: ForgottenFacts): string {
  return canonicalJson({ kind: 'remembered', accountId, region, commandId, at });
}

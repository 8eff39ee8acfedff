import { canonicalJson } from '../lib/canonical-json.ts';

/** What a revision says beside its state. */
export interface RevisionFacts {
  accountId: string;
  region: string;
  observedAt: string;
  /** Of the reply's own form; null for revisions of before the ledger. */
  fingerprint: Buffer | null;
  /** SHA-256 of the packed states of its page, for the first state of a page. */
  packSha256: Buffer | undefined;
}

/**
 * The entry of a revision: RFC 8785 JSON of the state that was seen, of whom, where and when. Put together, since the state is
 * canonical JSON already.
 */
export function revisionEntry(facts: RevisionFacts, stateJson: string): string {
  const { accountId, region, observedAt, fingerprint, packSha256 } = facts;
  const print = fingerprint === null ? '' : `"fingerprint":"${fingerprint.toString('hex')}",`;
  const pack = packSha256 === undefined ? '' : `"pack":"${packSha256.toString('hex')}",`;
  return `{"accountId":${canonicalJson(accountId)},${print}"kind":"revision","observedAt":${canonicalJson(observedAt)},${pack}"region":${canonicalJson(region)},"state":${stateJson}}`;
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

import type { InvocationColumns, StepColumns } from './normalize-invocation.ts';

/** An account and a region: where an invocation belongs. */
export interface SourceKey {
  accountId: string;
  region: string;
}

/** An output's text as SQLite can store it (a lone surrogate becomes U+FFFD), and the SHA-256 of its UTF-8 bytes. */
export interface NormalizedOutput {
  text: string;
  sha256: Buffer;
}

/** A step of an invocation in the archive's columns. */
export type NormalizedPlugin = StepColumns<NormalizedOutput | null>;

/** An invocation in the archive's columns, its steps in the service's order, and its whole state as canonical JSON. */
export interface NormalizedInvocation extends InvocationColumns<NormalizedOutput | null> {
  /** RFC 8785 JSON of everything that the service sent, with each step's Output as `{"sha256": "<hex>"}`. */
  stateJson: string;
  /**
   * The same, cut at the values for which an entry of the ledger has commitments: each second part is such a value.
   * Undefined if the state was not cut.
   */
  stateParts?: readonly string[] | undefined;
}

/**
 * One invocation as one reply showed it. Most invocations of a listing are known already, so `fingerprint` (16 bytes,
 * computed over the invocation as the reply has it) is made at once, and `normalize` is called only if the fingerprint
 * is new.
 */
export interface ObservedInvocation {
  commandId: string;
  instanceId: string;
  fingerprint: Buffer;
  normalize(): NormalizedInvocation;
}

import type { InvocationColumns, StepColumns } from './normalize-invocation.ts';

/** An account and a region: where an invocation belongs. */
export interface SourceKey {
  accountId: string;
  region: string;
}

/** An output's text as SQLite can hold it (a lone surrogate becomes U+FFFD) and the SHA-256 of its UTF-8 bytes. */
export interface NormalizedOutput {
  text: string;
  sha256: Buffer;
}

/** A step of an invocation in the archive's columns. */
export type NormalizedPlugin = StepColumns<NormalizedOutput | null>;

/** An invocation in the archive's columns, its steps in the service's order, and its whole state as canonical JSON. */
export interface NormalizedInvocation extends InvocationColumns<NormalizedOutput | null> {
  /** RFC 8785 JSON of all that the service sent, each step's Output as `{"sha256": "<hex>"}`. */
  stateJson: string;
}

/**
 * One invocation as one reply showed it. Most of a listing has been seen before, so `fingerprint` (16 bytes, over the
 * reply's own form) is made at once and `normalize` only runs for what differs.
 */
export interface ObservedInvocation {
  commandId: string;
  instanceId: string;
  fingerprint: Buffer;
  normalize(): NormalizedInvocation;
}

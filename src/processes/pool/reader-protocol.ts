import type { SentError } from '../../lib/child/protocol.ts';

/** The requests to a reading process: one read at a time. */
export interface ReaderProtocol {
  asks: {
    /** Returns what the verb returns; null for undefined, since JSON has no undefined. */
    read(read: NamedRead): unknown;
    /** Writes a stream's bytes into the pipe. */
    stream(read: NamedRead): StreamEnd;
  };
  events: {
    /** A note about the read under way, kept in case the read never ends. */
    note: unknown;
  };
  tells: Record<never, never>;
  /** The data that the process takes when it has come up, in bytes; undefined if the system does not tell. */
  ready: { dataBytes: number | undefined };
}

/** The name of one of the process's verbs, and its input. */
export interface NamedRead {
  name: string;
  input: unknown;
}

/** A read in the form that the pool keeps. */
export interface ReadRequest extends NamedRead {
  kind: keyof ReaderProtocol['asks'];
}

/**
 * How a stream ended. Its `bytes` come by the pipe, so the end says how many there were, even if it broke off with an
 * error: the pool then knows when all have come. `isWorn`: the process has done enough and should be replaced.
 */
export interface StreamEnd {
  bytes: number;
  rows: number | null;
  isWorn: boolean;
  error?: SentError | undefined;
}

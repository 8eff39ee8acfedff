import type { SentError } from '../../lib/child/protocol.ts';

/** The messages to and from a reading process, which does one read at a time. */
export interface ReaderProtocol {
  asks: {
    /** Returns the read's answer; null instead of undefined, which JSON does not have. */
    read(read: NamedRead): unknown;
    /** Writes a stream's bytes into the pipe. */
    stream(read: NamedRead): StreamEnd;
  };
  events: {
    /** A note about the running read, kept in case the read never ends. */
    note: unknown;
  };
  tells: Record<never, never>;
  /** How many bytes of data the process takes once it has started; undefined if the system does not report it. */
  ready: { dataBytes: number | undefined };
}

/** The name of a read or stream that the process knows, and its input. */
export interface NamedRead {
  name: string;
  input: unknown;
}

/** A read in the form that the pool keeps. */
export interface ReadRequest extends NamedRead {
  kind: keyof ReaderProtocol['asks'];
}

/**
 * How a stream ended. The stream's bytes come through the pipe; `bytes` says how many there were, even after an error,
 * so that the pool knows when all have arrived. `isWorn`: the process has worked enough and should be replaced.
 */
export interface StreamEnd {
  bytes: number;
  rows: number | null;
  isWorn: boolean;
  error?: SentError | undefined;
}

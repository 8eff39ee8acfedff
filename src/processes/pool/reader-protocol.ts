import type { SentError } from '../../lib/child/protocol.ts';

/** What a reading process is asked: one read at a time. */
export interface ReaderProtocol {
  asks: {
    /** Answers what the verb returns; null where that is nothing, since JSON has no undefined. */
    read(read: NamedRead): unknown;
    /** Writes a stream's bytes into the pipe. */
    stream(read: NamedRead): StreamEnd;
  };
  events: {
    /** Something to know of the read under way where it never answers. */
    note: unknown;
  };
  tells: Record<never, never>;
  /** The data that it takes when it has come up, in bytes; undefined where the system does not tell. */
  ready: { dataBytes: number | undefined };
}

/** A verb of the process by its name, and what it takes. */
export interface NamedRead {
  name: string;
  input: unknown;
}

/** A read as the pool has it. */
export interface ReadRequest extends NamedRead {
  kind: keyof ReaderProtocol['asks'];
}

/**
 * How a stream ended, whose `bytes` come by the pipe: so that none is taken for lost, its end says how many there were,
 * also where it broke off by an error. `isWorn`: the process has done enough, and a fresh one should take its place.
 */
export interface StreamEnd {
  bytes: number;
  rows: number | null;
  isWorn: boolean;
  error?: SentError | undefined;
}

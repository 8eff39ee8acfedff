/** The streams of a step, as S3 and CloudWatch Logs name them. */
export const STREAMS = ['stdout', 'stderr'] as const;

export type Stream = (typeof STREAMS)[number];

/**
 * Where more of an output than a listing shows can be fetched: GetCommandInvocation, the log streams, or the objects
 * that the command named. They are in the order in which they are asked: the service forgets what it shows itself after
 * 30 days, log groups often have a retention, and objects stay longest.
 */
export const PROVENANCES = ['get', 'logs', 's3'] as const;

export type Provenance = (typeof PROVENANCES)[number];

/**
 * How many bytes of a stream are kept where full outputs are fetched, unless SSM_ARCHIVE_OUTPUT_MAX_BYTES says
 * otherwise. SQL's functions for outputs take texts of as many characters: every encoding has at least one byte for a
 * character.
 */
export const DEFAULT_OUTPUT_BYTES = 1_048_576;

/** Why an output is not whole: the service had no more, or our own limit was reached. */
export type CutBy = 'service' | 'limit';

/** What was fetched of one stream. */
export interface FetchedOutput {
  stream: Stream;
  /** The bytes as they came, up to the limit. */
  bytes: Buffer;
  /** How many bytes there are in the place where it lies; null if that is not known. */
  totalBytes: number | null;
  /** Null if it is whole. */
  cutBy: CutBy | null;
  /** Where it lies: the bucket and key, or the log group and stream. Null for GetCommandInvocation. */
  location: Readonly<Record<string, string>> | null;
}

import type { FetchedOutput, Stream } from '../../model/outputs/full-output.ts';
import type { CallCounts } from '../replies/count-attempts.ts';

/** A step of an invocation, as GetCommandInvocation names it. */
export interface StepToGet {
  commandId: string;
  instanceId: string;
  /** Undefined for the only step of an invocation. */
  pluginName: string | undefined;
}

/** An object in a bucket, or a stream of a log group, with what one stream of a step has printed. */
export interface StoredStream {
  stream: Stream;
  /** The bucket or the log group. */
  store: string;
  /** The key of the object, or the name of the log stream. */
  name: string;
}

/** How a stream is read: at most so many bytes, and with its attempts counted. */
export interface OutputReading {
  maxBytes: number;
  counts: CallCounts;
}

/**
 * Reads what steps printed, with a source's own credentials. Each function throws OutputGone, OutputDenied, Interrupted,
 * CallLate, or the SDK's errors.
 */
export interface OutputSource {
  /** Both streams, of which the service has the first 24,000 and 8,000 characters. */
  getInvocationOutput(step: StepToGet, reading: OutputReading): Promise<FetchedOutput[]>;
  /** The beginning of an object. */
  readObject(stored: StoredStream, reading: OutputReading): Promise<FetchedOutput>;
  /** The beginning of a log stream, put together from its events. */
  readLogStream(stored: StoredStream, reading: OutputReading): Promise<FetchedOutput>;
  close(): void;
}

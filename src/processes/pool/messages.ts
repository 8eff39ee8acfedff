/** To a reader: one read at a time. */
export interface ReadRequest {
  kind: 'read' | 'stream';
  name: string;
  input: unknown;
}

/** From a reader. A stream's bytes come by the pipe; its end says how many there were, so that none is taken for lost. */
export type FromReader =
  | { kind: 'ready'; dataBytes: number | undefined }
  /** Something to know of the read under way where it never answers. */
  | { kind: 'note'; note: unknown }
  | { kind: 'value'; value: unknown }
  | { kind: 'ended'; bytes: number; rows: number | null; isWorn: boolean }
  | ReadFailure;

/** `bytes` of a stream went before; `data` is what an error of the verb's own carries. */
export interface ReadFailure {
  kind: 'error';
  name: string;
  message: string;
  stack: string | undefined;
  data: unknown;
  bytes: number;
  isWorn: boolean;
}

/** The descriptor of the pipe that a stream's bytes go through. */
export const STREAM_FD = 4;

import { ReadAborted } from './errors.ts';
import { createPacedBody, type PacedBody } from './paced-body.ts';
import type { ReadRequest } from './reader-protocol.ts';
import type { ReadEnd, Reader, ReaderListener } from './start-reader.ts';

/** The caller for whom a read is made, and how long the read may take. */
export interface ReadOptions {
  /** The name of the caller. Callers take turns. */
  caller: string;
  /** How long the read may take from now, including the wait. */
  deadlineMs: number;
  /** Aborts when the client has gone away, which ends the read. */
  signal?: AbortSignal | undefined;
  /**
   * Identifies the question: if it took long before, it is expected to take long again. A digest is enough, because the
   * pool only compares keys.
   */
  key?: string | undefined;
  /** How much memory the read takes while it waits, if that is much: it then counts as several reads. */
  bytes?: number | undefined;
}

/** A stream that has begun. `rows()` returns null before its end. */
export interface ReadStream {
  body: ReadableStream<Uint8Array>;
  rows(): number | null;
}

/** All bytes of a stream; or the stream itself, if it has too many bytes to be held for a slow client. */
export type GatheredRead = { bytes: Uint8Array; rows: number | null } | ReadStream;

/** A read, from its question to its end. */
export interface Task extends ReadOptions, ReaderListener {
  request: ReadRequest;
  reader: Reader | undefined;
  /** How many reads this one counts as while it waits. */
  weight: number;
  askedAt: number;
  startedAt: number;
  /** Whether the read has a place among the long reads, or waits for one. */
  isLong: boolean;
  note: unknown;
  /** Called when the read gets a place among the long reads. From then on its bytes may be sent. */
  onLong(): void;
  /** Called when the read was stopped and will start again from its beginning. */
  onPutBack(): void;
  /** Ends the read with an error for the caller. Called at most once. */
  fail(error: Error): void;
  /** Drops the read's timers and its listener. */
  release(): void;
}

/** What a task reports to the pool. */
export interface TaskEnds {
  /** The task's reader has answered, and is free for the next task unless it `isWorn`. */
  finish(task: Task, isWorn: boolean): void;
  /** The task ends without an answer, although its reader may still be working. */
  giveUp(task: Task, error: Error): void;
  errorOf(error: Error, name: string): Error;
  /** The task counts as long from now on, although the time for that has not passed yet. */
  takesLong(task: Task): void;
}

const noop = () => {};

/**
 * A waiting read counts once more for every 64 KiB that it takes, so that all waiting reads together take at most some
 * tens of megabytes.
 */
const BYTES_OF_ONE = 65_536;

function newTask(kind: ReadRequest['kind'], name: string, input: unknown, options: ReadOptions): Task {
  return {
    ...options,
    request: { kind, name, input },
    weight: 1 + Math.floor((options.bytes ?? 0) / BYTES_OF_ONE),
    ...{ reader: undefined, askedAt: 0, startedAt: 0, isLong: false, note: undefined },
    ...{
      onNote: noop,
      onValue: noop,
      onBytes: noop,
      onEnd: noop,
      onLong: noop,
      onPutBack: noop,
      fail: noop,
      release: noop,
    },
  };
}

/** A task whose answer is one value. */
export function valueTask(
  name: string,
  input: unknown,
  options: ReadOptions,
  { finish, errorOf }: TaskEnds,
  resolve: (value: unknown) => void,
  reject: (error: Error) => void,
): Task {
  const task = newTask('read', name, input, options);
  task.fail = reject;
  task.onValue = (value) => {
    finish(task, false);
    resolve(value ?? undefined);
  };
  task.onEnd = ({ error, isWorn }) => {
    finish(task, isWorn);
    if (error) reject(errorOf(error, name));
  };
  return task;
}

/** A task whose answer is a stream. The caller gets the stream once the read counts as long, or has ended. */
export function streamTask(
  name: string,
  input: unknown,
  options: ReadOptions,
  ends: TaskEnds,
  resolve: (stream: ReadStream) => void,
  reject: (error: Error) => void,
): Task {
  const task = newTask('stream', name, input, options);
  let body: PacedBody | undefined;
  let isShown = false;
  let rows: number | null = null;
  const begin = () => {
    body ??= createPacedBody({
      pause: () => task.reader?.pause(),
      resume: () => task.reader?.resume(),
      onCancel: () => ends.giveUp(task, new ReadAborted()),
    });
    return body;
  };
  const show = () => {
    if (isShown) return;
    isShown = true;
    resolve({ body: begin().stream, rows: () => rows });
  };
  task.fail = (error) => (isShown ? begin().fail(error) : reject(error));
  task.onLong = () => body && show();
  countBytes(task, ends, {
    onBytes(chunk) {
      begin().add(chunk);
      if (task.isLong) show();
    },
    onPutBack() {
      body = undefined;
    },
    onEnd(count) {
      rows = count;
      show();
      begin().end();
    },
  });
  return task;
}

/**
 * The bytes and the message about their end come through two channels. A stream has ended only when both have arrived.
 */
function countBytes(
  task: Task,
  { finish, errorOf }: TaskEnds,
  { onBytes, onPutBack, onEnd }: { onBytes(chunk: Buffer): void; onPutBack(): void; onEnd(rows: number | null): void },
): void {
  let received = 0;
  let end: ReadEnd | undefined;
  const endIfWhole = () => {
    if (end?.bytes !== received) return;
    finish(task, end.isWorn);
    if (end.error) task.fail(errorOf(end.error, task.request.name));
    else onEnd(end.rows);
  };
  task.onBytes = (chunk) => {
    received += chunk.length;
    onBytes(chunk);
    endIfWhole();
  };
  task.onNote = (note) => {
    task.note = note;
  };
  task.onEnd = (its) => {
    end = its;
    endIfWhole();
  };
  task.onPutBack = () => {
    received = 0;
    end = undefined;
    onPutBack();
  };
}

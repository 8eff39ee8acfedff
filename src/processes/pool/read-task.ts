import { ReadAborted } from './errors.ts';
import { createPacedBody, type PacedBody } from './paced-body.ts';
import type { ReadRequest } from './reader-protocol.ts';
import type { ReadEnd, Reader, ReaderListener } from './start-reader.ts';

/** On whose behalf a read is, and for how long. */
export interface ReadOptions {
  /** On whose behalf: callers take turns. */
  caller: string;
  /** From now, waiting included. */
  deadlineMs: number;
  /** Ends the read: the client went away. */
  signal?: AbortSignal | undefined;
  /** Tells the same question again: one that took long is expected to take long. It is kept: a digest will do. */
  key?: string | undefined;
  /** What it takes while it waits, where that is much: it counts as several. */
  bytes?: number | undefined;
}

/** A stream that has begun. `rows` is known at its end. */
export interface ReadStream {
  body: ReadableStream<Uint8Array>;
  rows(): number | null;
}

/** All bytes of a stream; or the stream, where they are too many to be held for a client that may be slow. */
export type GatheredRead = { bytes: Uint8Array; rows: number | null } | ReadStream;

/** A read from its question to its end. */
export interface Task extends ReadOptions, ReaderListener {
  request: ReadRequest;
  reader: Reader | undefined;
  /** As how many it counts while it waits. */
  weight: number;
  askedAt: number;
  startedAt: number;
  /** Whether it has a place among the reads that take long, or waits for one. */
  isLong: boolean;
  note: unknown;
  /** It has a place of its own now: what it has written may go out. */
  onLong(): void;
  /** It begins again from its start. */
  onPutBack(): void;
  /** Ends it for whoever asked; called once. */
  fail(error: Error): void;
  /** Drops its timers and its listener. */
  release(): void;
}

/** What a task tells the pool. */
export interface TaskEnds {
  /** Its reader has answered, and is free for the next unless it `isWorn`. */
  finish(task: Task, isWorn: boolean): void;
  /** It ends without an answer; its reader may be in the midst of it. */
  giveUp(task: Task, error: Error): void;
  errorOf(error: Error, name: string): Error;
  /** It has turned out to take long, before the time in which that shows is over. */
  takesLong(task: Task): void;
}

const noop = () => {};

/** What waits may take some tens of megabytes in all, however long the questions are. */
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

/** A task whose answer is a stream, which is shown once it is long, or has ended. */
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

/** Bytes and the word of their end come by two ways: a stream has ended once both are there. */
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

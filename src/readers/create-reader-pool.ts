import type { Logger } from '../lib/logger.ts';
import { ReadAborted, ReaderFailed, ReadQueueFull, ReadTimedOut } from './errors.ts';
import { createFairQueue } from './fair-queue.ts';
import type { Reader, ReaderProgram } from './fork-reader.ts';
import { keepReaders } from './keep-readers.ts';
import type { FromReader, ReadRequest } from './messages.ts';
import { createPacedBody, type PacedBody } from './paced-body.ts';
import type { Reads, Streams } from './reads.ts';

export interface ReaderPoolOptions {
  archivePath: string;
  program: ReaderProgram;
  /** Processes that are kept warm. */
  readers: number;
  /** So many of them may write streams at a time: an export never takes all. */
  streamsAtOnce: number;
  /** So many may work on one caller's reads at a time, streams aside: no caller takes all either. */
  readsPerCaller: number;
  waitingPerCaller: number;
  waitingInAll: number;
  log: Logger;
}

export interface ReadOptions {
  /** On whose behalf: callers take turns. */
  caller: string;
  /** From now, waiting included. */
  deadlineMs: number;
  /** Ends the read: the client went away. */
  signal?: AbortSignal | undefined;
}

/** A stream that has begun. `rows` is known at its end. */
export interface ReadStream {
  body: ReadableStream<Uint8Array>;
  rows(): number | null;
}

type Input<Verb> = Verb extends (sqlite: never, input: infer In) => unknown ? In : never;
type Answer<Verb> = Verb extends (...args: never[]) => infer Out ? Out : never;

/**
 * Reads of the archive in processes of their own. Both verbs reject with ReadTimedOut, ReadQueueFull, ReadAborted and
 * ReaderFailed; a stream that fails later on errors, so that no client takes its beginning for the whole.
 */
export interface ReaderPool<R = Reads, S = Streams> {
  read<Name extends keyof R & string>(
    name: Name,
    input: Input<R[Name]>,
    options: ReadOptions,
  ): Promise<Answer<R[Name]>>;
  /** Resolves when the first bytes are there, or the end. */
  stream<Name extends keyof S & string>(name: Name, input: Input<S[Name]>, options: ReadOptions): Promise<ReadStream>;
  /** Gives up all reads, and resolves once no reading process is left. */
  close(): Promise<void>;
}

/** A read from its question to its end. */
interface Task {
  caller: string;
  request: ReadRequest;
  deadlineMs: number;
  reader: Reader | undefined;
  onMessage(message: FromReader): void;
  onBytes(chunk: Buffer): void;
  /** Ends it for whoever asked; called once. */
  fail(error: Error): void;
  /** Drops its timer and its listener. */
  release(): void;
}

const RETRY_AFTER_MS = 1000;

export function createReaderPool<R = Reads, S = Streams>(options: ReaderPoolOptions): ReaderPool<R, S> {
  const { log } = options;
  const queue = createFairQueue<Task>();
  const running = new Map<Reader, Task>();
  let isClosed = false;

  const readers = keepReaders({
    ...options,
    onReady: dispatch,
    onLost(reader) {
      const task = running.get(reader);
      if (task) giveUp(task, new ReaderFailed('The process that read for this question ended before its answer.'));
    },
    onNone() {
      for (const task of queue.all()) giveUp(task, new ReaderFailed('No process that reads the archive could start.'));
    },
  });

  function dispatch(): void {
    for (const reader of readers.ready()) {
      if (running.has(reader)) continue;
      const task = queue.take(mayStart);
      if (!task) return;
      task.reader = reader;
      running.set(reader, task);
      reader.listener = task;
      reader.ask(task.request);
    }
  }

  function mayStart({ caller, request }: Task): boolean {
    const alike = [...running.values()].filter((other) => other.request.kind === request.kind);
    if (request.kind === 'stream') return alike.length < options.streamsAtOnce;
    return alike.filter((other) => other.caller === caller).length < options.readsPerCaller;
  }

  /** Its reader has answered, and is free for the next. */
  function finish(task: Task): void {
    task.release();
    const { reader } = task;
    if (!reader || running.get(reader) !== task) return;
    running.delete(reader);
    reader.listener = undefined;
    reader.resume();
    dispatch();
  }

  /** Ends a read that has no answer: what waits is dropped, what runs is killed, since nothing else ends a query. */
  function giveUp(task: Task, error: Error): void {
    task.release();
    queue.remove(task);
    const { reader } = task;
    if (reader && running.get(reader) === task) {
      running.delete(reader);
      if (reader.isReady) readers.replace(reader);
    }
    task.fail(error);
    // Another stream may be what waits, for its turn and not for a reader.
    dispatch();
  }

  function refusalOf({ caller }: Task, signal: AbortSignal | undefined): Error | undefined {
    if (isClosed || signal?.aborted) return new ReadAborted();
    if (queue.waitingOf(caller) >= options.waitingPerCaller) return new ReadQueueFull('of this caller', RETRY_AFTER_MS);
    if (queue.size >= options.waitingInAll) return new ReadQueueFull('in all', RETRY_AFTER_MS);
    return undefined;
  }

  function submit(task: Task, { signal }: ReadOptions): void {
    const refusal = refusalOf(task, signal);
    if (refusal) {
      task.fail(refusal);
      return;
    }
    const timer = setTimeout(() => giveUp(task, new ReadTimedOut(task.deadlineMs)), task.deadlineMs);
    const onAbort = () => giveUp(task, new ReadAborted());
    signal?.addEventListener('abort', onAbort, { once: true });
    task.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    queue.add(task);
    dispatch();
  }

  function failureOf(message: Extract<FromReader, { kind: 'error' }>, name: string): ReaderFailed {
    log.error({ read: name, error: message }, 'A read of the archive failed.');
    return new ReaderFailed(`The archive could not be read (${message.message}).`);
  }

  return {
    read(name, input, asked) {
      return new Promise((resolve, reject) => {
        const task: Task = {
          ...{ caller: asked.caller, deadlineMs: asked.deadlineMs, reader: undefined },
          request: { kind: 'read', name, input },
          onBytes() {},
          onMessage(message) {
            finish(task);
            if (message.kind === 'error') reject(failureOf(message, name));
            // JSON has no undefined: a verb that finds nothing answers null.
            else if (message.kind === 'value') resolve((message.value ?? undefined) as Answer<R[typeof name]>);
          },
          fail: reject,
          release() {},
        };
        submit(task, asked);
      });
    },

    stream(name, input, asked) {
      return new Promise((resolve, reject) => {
        let received = 0;
        let end: { bytes: number; rows: number | null } | undefined;
        let body: PacedBody | undefined;
        const begin = (): PacedBody => {
          if (body) return body;
          body = createPacedBody({
            pause: () => task.reader?.pause(),
            resume: () => task.reader?.resume(),
            onCancel: () => giveUp(task, new ReadAborted()),
          });
          resolve({ body: body.stream, rows: () => end?.rows ?? null });
          return body;
        };
        const endIfWhole = () => {
          if (end?.bytes !== received) return;
          finish(task);
          begin().end();
        };
        const task: Task = {
          ...{ caller: asked.caller, deadlineMs: asked.deadlineMs, reader: undefined },
          request: { kind: 'stream', name, input },
          onBytes(chunk) {
            received += chunk.length;
            begin().add(chunk);
            endIfWhole();
          },
          onMessage(message) {
            if (message.kind === 'error') giveUp(task, failureOf(message, name));
            else if (message.kind === 'ended') {
              end = message;
              endIfWhole();
            }
          },
          fail(error) {
            if (body) body.fail(error);
            else reject(error);
          },
          release() {},
        };
        submit(task, asked);
      });
    },

    async close() {
      isClosed = true;
      for (const task of [...queue.all(), ...running.values()]) giveUp(task, new ReadAborted());
      await readers.close();
    },
  };
}

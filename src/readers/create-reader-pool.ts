import type { Logger } from '../lib/logger.ts';
import { ReadAborted, ReaderFailed, ReadQueueFull, ReadTimedOut } from './errors.ts';
import { createFairQueue } from './fair-queue.ts';
import { forkReader, type Reader, type ReaderProgram } from './fork-reader.ts';
import type { FromReader, ReadRequest } from './messages.ts';
import type { Reads, Streams } from './reads.ts';

export interface ReaderPoolOptions {
  archivePath: string;
  program: ReaderProgram;
  /** Processes that are kept warm. */
  readers: number;
  /** So many of them may write streams at a time: an export never takes all. */
  streamsAtOnce: number;
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
  close(): void;
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
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Bytes of a stream that may wait for a slow client, beside those in the pipe. */
const STREAM_BUFFER_BYTES = 262_144;

export function createReaderPool<R = Reads, S = Streams>(options: ReaderPoolOptions): ReaderPool<R, S> {
  const { archivePath, program, log } = options;
  const queue = createFairQueue<Task>();
  const readers = new Set<Reader>();
  const running = new Map<Reader, Task>();
  let isClosed = false;
  let failedStarts = 0;

  for (let n = 0; n < options.readers; n++) start();

  function start(): void {
    if (isClosed) return;
    const reader = forkReader(program, archivePath, {
      onReady() {
        failedStarts = 0;
        dispatch();
      },
      onExit() {
        const wasReady = readers.delete(reader) && hasBeenReady.has(reader);
        const task = running.get(reader);
        running.delete(reader);
        task?.fail(new ReaderFailed('The process that read for this question ended before its answer.'));
        if (isClosed) return;
        if (wasReady) {
          start();
          return;
        }
        // It never came up, and the next would not either: wait, and let nobody else wait for it.
        const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failedStarts);
        failedStarts += 1;
        log.error({ archive: archivePath, pauseMs }, 'A reading process could not start.');
        if (![...readers].some(({ isReady }) => isReady)) {
          for (const waiting of queue.all())
            waiting.fail(new ReaderFailed('No process that reads the archive could be started.'));
        }
        setTimeout(start, pauseMs).unref();
      },
    });
    readers.add(reader);
  }

  const hasBeenReady = new WeakSet<Reader>();

  function dispatch(): void {
    for (const reader of readers) {
      if (!reader.isReady) continue;
      hasBeenReady.add(reader);
      if (running.has(reader)) continue;
      const streaming = [...running.values()].filter(({ request }) => request.kind === 'stream').length;
      const task = queue.take(({ request }) => request.kind === 'read' || streaming < options.streamsAtOnce);
      if (!task) continue;
      task.reader = reader;
      running.set(reader, task);
      reader.listener = task;
      reader.ask(task.request);
    }
  }

  function finish(task: Task): void {
    task.release();
    queue.remove(task);
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
      reader.listener = undefined;
      reader.isReady = false;
      reader.kill();
    }
    task.fail(error);
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
          fail(error) {
            queue.remove(task);
            task.release();
            reject(error);
          },
          release() {},
        };
        submit(task, asked);
      });
    },

    stream(name, input, asked) {
      return new Promise((resolve, reject) => {
        let received = 0;
        let end: { bytes: number; rows: number | null } | undefined;
        let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
        const begin = () => {
          if (controller) return;
          const body = new ReadableStream<Uint8Array>(
            {
              start(own) {
                controller = own;
              },
              pull: () => task.reader?.resume(),
              cancel: () => giveUp(task, new ReadAborted()),
            },
            new ByteLengthQueuingStrategy({ highWaterMark: STREAM_BUFFER_BYTES }),
          );
          resolve({ body, rows: () => end?.rows ?? null });
        };
        const endIfWhole = () => {
          if (end?.bytes !== received) return;
          finish(task);
          begin();
          controller?.close();
        };
        let isFailed = false;
        const task: Task = {
          ...{ caller: asked.caller, deadlineMs: asked.deadlineMs, reader: undefined },
          request: { kind: 'stream', name, input },
          onBytes(chunk) {
            received += chunk.length;
            begin();
            controller?.enqueue(chunk);
            if ((controller?.desiredSize ?? 0) <= 0) task.reader?.pause();
            endIfWhole();
          },
          onMessage(message) {
            if (message.kind === 'ended') {
              end = message;
              endIfWhole();
            } else if (message.kind === 'error') giveUp(task, failureOf(message, name));
          },
          fail(error) {
            if (isFailed) return;
            isFailed = true;
            queue.remove(task);
            task.release();
            if (controller) controller.error(error);
            else reject(error);
          },
          release() {},
        };
        submit(task, asked);
      });
    },

    close() {
      isClosed = true;
      for (const task of [...queue.all(), ...running.values()]) giveUp(task, new ReadAborted());
      for (const reader of readers) reader.kill();
    },
  };
}

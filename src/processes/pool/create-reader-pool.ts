import { ChildError } from '../../lib/child/child-error.ts';
import type { Logger } from '../../lib/logger.ts';
import { ReadAborted, ReaderFailed, ReaderLost, ReadQueueFull, ReadTimedOut } from './errors.ts';
import { createFairQueue } from './fair-queue.ts';
import { gatherTask } from './gather-task.ts';
import { keepReaders } from './keep-readers.ts';
import { createLongReads, type LongReadRules } from './long-reads.ts';
import { type GatheredRead, type ReadOptions, type ReadStream, streamTask, type Task, valueTask } from './read-task.ts';
import type { Reads, Streams } from './reads.ts';
import type { Reader, ReaderProgram } from './start-reader.ts';

export interface ReaderPoolOptions {
  archivePath: string;
  program: ReaderProgram;
  /** How many processes are kept running. */
  readers: number;
  /** Whether the processes start at the first read; otherwise they start now. */
  isLazy?: boolean;
  /** Rejects if the archive at the path is not the one that is open. */
  refuseMoved?: (() => Promise<void>) | undefined;
  /**
   * How many long reads may run at a time, so that they never take all processes. Without `longReads`, streams count as
   * long.
   */
  longAtOnce: number;
  /** How reads that take long are detected; if absent, they are not detected. */
  longReads?: LongReadRules;
  /** How many short reads of one caller may run at a time, so that one caller never takes all processes. */
  readsPerCaller: number;
  waitingPerCaller: number;
  waitingInAll: number;
  log: Logger;
}

type Input<Verb> = Verb extends (sqlite: never, input: infer In, ...more: never[]) => unknown ? In : never;
type Answer<Verb> = Verb extends (...args: never[]) => infer Out ? Awaited<Out> : never;

/**
 * Reads of the archive in processes of their own. All methods may reject with ReadTimedOut, ReadQueueFull, ReadAborted,
 * ReaderLost and ReaderFailed, and with the named errors of the read. If a stream fails after it has begun, its body
 * ends with an error, so that clients see that it is incomplete.
 */
export interface ReaderPool<R = Reads, S = Streams> {
  read<Name extends keyof R & string>(
    name: Name,
    input: Input<R[Name]>,
    options: ReadOptions,
  ): Promise<Answer<R[Name]>>;
  /** Resolves with the stream when it has ended, or once it counts as long and its first bytes have come. */
  stream<Name extends keyof S & string>(name: Name, input: Input<S[Name]>, options: ReadOptions): Promise<ReadStream>;
  /**
   * Resolves with all bytes of a stream at its end. A stream with more bytes than are held for a client is returned as
   * a stream.
   */
  gather<Name extends keyof S & string>(name: Name, input: Input<S[Name]>, options: ReadOptions): Promise<GatheredRead>;
  /** Ends all reading processes and their reads, and starts new processes. */
  renew(): void;
  /** Gives up all reads, and resolves once no reading process is left. */
  close(): Promise<void>;
}

const RETRY_AFTER_MS = 1000;
const YIELD_AFTER_MS = 250;
const LATE_MS = 100;
const LATE_SHARE = 0.1;

/**
 * Whether a read's deadline is so near that starting it would be useless: its process would be killed at the deadline.
 * If a hundred reads had the same deadline, the end of each would let the next one start and lose its process too.
 */
function isTooLate({ askedAt, deadlineMs }: Task): boolean {
  const leftMs = askedAt + deadlineMs - performance.now();
  return leftMs < Math.min(LATE_MS, deadlineMs * LATE_SHARE);
}

export function createReaderPool<R = Reads, S = Streams>(options: ReaderPoolOptions): ReaderPool<R, S> {
  const { log } = options;
  const long = options.longReads && createLongReads(options.longReads);
  const queue = createFairQueue<Task>(long?.isLight);
  const running = new Map<Reader, Task>();
  let isClosed = false;

  const readers = keepReaders({
    ...options,
    onReady: dispatch,
    onLost(reader) {
      const task = running.get(reader);
      if (task) giveUp(task, new ReaderLost('The process that read for this question ended before its answer.'));
    },
    onNone(reason) {
      for (const task of queue.all()) giveUp(task, reason);
    },
  });

  function dispatch(): void {
    for (const reader of readers.ready()) {
      if (running.has(reader)) continue;
      const task = queue.take(mayStart);
      if (!task) return;
      task.reader = reader;
      task.startedAt = performance.now();
      running.set(reader, task);
      reader.listener = task;
      reader.ask(task.request);
      if (!long) yieldLater(reader, task);
      else if (!task.isLong) long.watch(task, () => onLong(task));
    }
  }

  /**
   * Lowers a process's priority during a long export, so that the console's pages come first. A short export has ended
   * before, and its process keeps its priority.
   */
  function yieldLater(reader: Reader, task: Task): void {
    // In a pool of one process there is no other process that could come first.
    if (!task.isLong || options.readers === 1) return;
    setTimeout(() => running.get(reader) === task && reader.yieldToOthers(), YIELD_AFTER_MS).unref();
  }

  function mayStart(task: Task): boolean {
    if (isTooLate(task)) return false;
    const alike = [...running.values()].filter(({ isLong }) => isLong === task.isLong);
    const own = alike.filter(({ caller }) => caller === task.caller).length;
    if (task.isLong) return alike.length < options.longAtOnce && (!long || own < long.perCaller);
    return own < options.readsPerCaller && (!long || mayTry(task, alike.length));
  }

  /**
   * Whether a read may be tried for a short while. If all places for long reads are taken, most tries end with a killed
   * process. So the last free process is kept for reads that were asked for recently.
   */
  function mayTry({ askedAt }: Task, tries: number): boolean {
    if (!long || tries >= long.triesAtOnce) return false;
    const isFull = running.size - tries >= options.longAtOnce;
    return !isFull || long.isRecent(askedAt) || readers.ready().length - running.size > 1;
  }

  /**
   * Called when a read has turned out to take long. The read goes on if a long read may start now; otherwise its
   * process is replaced and it starts again later.
   */
  function onLong(task: Task): void {
    if (!leaves(task)) return;
    const isPlaced = mayStart({ ...task, isLong: true });
    task.isLong = true;
    if (isPlaced && task.reader) {
      running.set(task.reader, task);
      // The time until now is already counted in the caller's usage.
      task.startedAt = performance.now();
      task.onLong();
      dispatch();
      return;
    }
    if (task.reader) readers.replace(task.reader);
    task.reader = undefined;
    task.onPutBack();
    queue.add(task);
    dispatch();
  }

  /** Removes the task from its reader. Returns false if no reader has the task. */
  function leaves(task: Task): boolean {
    const { reader } = task;
    if (!reader || running.get(reader) !== task) return false;
    running.delete(reader);
    long?.left(task);
    return true;
  }

  const ends = {
    finish(task: Task, isWorn: boolean): void {
      task.release();
      if (!leaves(task) || !task.reader) return;
      task.reader.listener = undefined;
      task.reader.resume();
      if (isWorn || task.reader.hasYielded) readers.replace(task.reader);
      dispatch();
    },
    giveUp,
    takesLong: onLong,
    /**
     * Named errors go to the caller unchanged. Any other error is logged with its stack, and the caller gets only its
     * message.
     */
    errorOf(error: Error, read: string): Error {
      if (!(error instanceof ChildError)) return error;
      const { name, message, stack } = error;
      log.error({ read, error: { name, message, stack } }, 'A read of the archive failed.');
      return new ReaderFailed(`The archive could not be read (${message}).`, { cause: error });
    },
  };

  /**
   * Ends a read without an answer. A waiting read is dropped. A running read's process is killed, because nothing else
   * ends a query.
   */
  function giveUp(task: Task, error: Error): void {
    task.release();
    queue.remove(task);
    const { reader } = task;
    if (leaves(task) && reader?.isReady) readers.replace(reader);
    task.fail(error);
    // Even if no process became free, a long read may have waited for the place of this one.
    dispatch();
  }

  function refusalOf({ caller, signal, weight }: Task): Error | undefined {
    if (isClosed || signal?.aborted) return new ReadAborted();
    if (queue.waitingOf(caller) + weight > options.waitingPerCaller)
      return new ReadQueueFull('of this caller', RETRY_AFTER_MS);
    if (queue.weight + weight > options.waitingInAll) return new ReadQueueFull('in all', RETRY_AFTER_MS);
    return undefined;
  }

  function submit(task: Task): void {
    const refusal = refusalOf(task);
    if (refusal) {
      task.fail(refusal);
      return;
    }
    const { deadlineMs, signal, request } = task;
    task.isLong = long ? long.isExpected(task) : request.kind === 'stream';
    const timer = setTimeout(() => {
      const isWaiting = !task.reader;
      giveUp(task, new ReadTimedOut(deadlineMs, { isWaiting, note: task.note }));
    }, deadlineMs);
    const onAbort = () => giveUp(task, new ReadAborted());
    signal?.addEventListener('abort', onAbort, { once: true });
    task.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    task.askedAt = performance.now();
    queue.add(task);
    readers.start();
    dispatch();
  }

  return {
    read: (name, input, asked) =>
      new Promise((resolve, reject) => {
        // JSON has no undefined: a read that finds nothing gets null from its process.
        const answer = (value: unknown) => resolve(value as Answer<R[typeof name]>);
        submit(valueTask(name, input, asked, ends, answer, reject));
      }),
    stream: (name, input, asked) =>
      new Promise((resolve, reject) => submit(streamTask(name, input, asked, ends, resolve, reject))),
    gather: (name, input, asked) =>
      new Promise((resolve, reject) => submit(gatherTask(name, input, asked, ends, resolve, reject))),
    renew() {
      for (const reader of readers.ready()) {
        const task = running.get(reader);
        if (task) giveUp(task, new ReaderLost('The archive was opened again before the answer was ready.'));
        else readers.replace(reader);
      }
    },
    async close() {
      isClosed = true;
      for (const task of [...queue.all(), ...running.values()]) giveUp(task, new ReadAborted());
      await readers.close();
    },
  };
}

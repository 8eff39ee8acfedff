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
  /** Processes that are kept warm. */
  readers: number;
  /** Whether they are started with the first read rather than now. */
  isLazy?: boolean;
  /** Rejects where the archive at the path is another than the one that is meant. */
  refuseMoved?: (() => Promise<void>) | undefined;
  /** So many may take long at a time: they never take all processes. Streams do, where nothing finds out what does. */
  longAtOnce: number;
  /** How it is found out that a read takes long; where this is not given, it is not. */
  longReads?: LongReadRules;
  /** So many may work on one caller's other reads at a time: no caller takes all either. */
  readsPerCaller: number;
  waitingPerCaller: number;
  waitingInAll: number;
  log: Logger;
}

type Input<Verb> = Verb extends (sqlite: never, input: infer In, ...more: never[]) => unknown ? In : never;
type Answer<Verb> = Verb extends (...args: never[]) => infer Out ? Out : never;

/**
 * Reads of the archive in processes of their own. All verbs reject with ReadTimedOut, ReadQueueFull, ReadAborted,
 * ReaderLost and ReaderFailed, and with the named errors of their verbs; a stream that fails later on errors, so that no client takes its beginning for the whole.
 */
export interface ReaderPool<R = Reads, S = Streams> {
  read<Name extends keyof R & string>(
    name: Name,
    input: Input<R[Name]>,
    options: ReadOptions,
  ): Promise<Answer<R[Name]>>;
  /** Resolves when the first bytes are there, or the end. */
  stream<Name extends keyof S & string>(name: Name, input: Input<S[Name]>, options: ReadOptions): Promise<ReadStream>;
  /** Resolves with all of a stream, at its end; or with the stream, once it is more than is held for a client. */
  gather<Name extends keyof S & string>(name: Name, input: Input<S[Name]>, options: ReadOptions): Promise<GatheredRead>;
  /** Ends all reading processes, with what they read, and starts others. */
  renew(): void;
  /** Gives up all reads, and resolves once no reading process is left. */
  close(): Promise<void>;
}

const RETRY_AFTER_MS = 1000;
const YIELD_AFTER_MS = 250;
const LATE_MS = 100;
const LATE_SHARE = 0.1;

/**
 * Whether a read has waited until its deadline is about to come. To begin it would cost a process: and where a hundred
 * have the same deadline, each that is given up would let the next begin, and that would be killed in its turn.
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

  /** An export of any length lets pages go first; a short one is over by then, and its process stays as it is. */
  function yieldLater(reader: Reader, task: Task): void {
    // In a pool of one there is nobody to let past.
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

  /** Where no place is left for what takes long, most tries cost a process: those that have waited leave the last one. */
  function mayTry({ askedAt }: Task, tries: number): boolean {
    if (!long || tries >= long.triesAtOnce) return false;
    const isFull = running.size - tries >= options.longAtOnce;
    return !isFull || long.isRecent(askedAt) || readers.ready().length - running.size > 1;
  }

  /** It has turned out to take long: it goes on where there is a place for it, and else begins again when there is. */
  function onLong(task: Task): void {
    if (!leaves(task)) return;
    const isPlaced = mayStart({ ...task, isLong: true });
    task.isLong = true;
    if (isPlaced && task.reader) {
      running.set(task.reader, task);
      // What it took until now is charged already.
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

  /** Takes it off its reader; false where it is on none. */
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
    /** The named errors are meant for the asker; all others are logged, and answered by a fixed sentence. */
    errorOf(error: Error, read: string): Error {
      if (!(error instanceof ChildError)) return error;
      const { name, message, stack } = error;
      log.error({ read, error: { name, message, stack } }, 'A read of the archive failed.');
      return new ReaderFailed(`The archive could not be read (${message}).`, { cause: error });
    },
  };

  /** Ends a read that has no answer: what waits is dropped, what runs is killed, since nothing else ends a query. */
  function giveUp(task: Task, error: Error): void {
    task.release();
    queue.remove(task);
    const { reader } = task;
    if (leaves(task) && reader?.isReady) readers.replace(reader);
    task.fail(error);
    // Another that takes long may be what waits, for its turn and not for a reader.
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
        // JSON has no undefined: a verb that finds nothing answers null.
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
        if (task) giveUp(task, new ReaderLost('The archive was opened again before the answer was there.'));
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

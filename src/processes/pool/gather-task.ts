import { type GatheredRead, type ReadOptions, streamTask, type Task, type TaskEnds } from './read-task.ts';
import type { ReadEnd } from './start-reader.ts';

/** About as many bytes as an operating system accepts for a client that reads nothing. */
const MOST_HELD_BYTES = 1_048_576;

/**
 * A task whose answer is all bytes of a stream. If there are more bytes than may be held for a client, the read counts
 * as long and its answer is the stream. So memory stays limited even if a thousand clients read nothing.
 */
export function gatherTask(
  name: string,
  input: unknown,
  options: ReadOptions,
  ends: TaskEnds,
  resolve: (gathered: GatheredRead) => void,
  reject: (error: Error) => void,
): Task {
  const task = streamTask(name, input, options, ends, resolve, reject);
  const { onBytes, onEnd, onPutBack } = task;
  let held: Buffer[] = [];
  let size = 0;
  let end: ReadEnd | undefined;
  const endIfWhole = () => {
    if (end?.bytes !== size) return;
    ends.finish(task, end.isWorn);
    if (end.error) reject(ends.errorOf(end.error, name));
    else resolve({ bytes: Buffer.concat(held), rows: end.rows });
  };
  task.onBytes = (chunk) => {
    const wasHeld = size <= MOST_HELD_BYTES;
    size += chunk.length;
    if (!wasHeld) return onBytes(chunk);
    held.push(chunk);
    if (size <= MOST_HELD_BYTES) return endIfWhole();
    const bytes = held;
    held = [];
    if (end) onEnd(end);
    for (const each of bytes) onBytes(each);
    if (!task.isLong) ends.takesLong(task);
  };
  task.onEnd = (its) => {
    if (size > MOST_HELD_BYTES) return onEnd(its);
    end = its;
    endIfWhole();
  };
  task.onPutBack = () => {
    held = [];
    size = 0;
    end = undefined;
    onPutBack();
  };
  return task;
}

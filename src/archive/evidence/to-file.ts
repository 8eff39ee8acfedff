import { closeSync, openSync, writeSync } from 'node:fs';

/** Opens a new file for `work`, which writes chunks into it, and closes it. Returns what `work` returns. */
export function toFile<Result>(path: string, work: (write: (chunk: string | Uint8Array) => void) => Result): Result {
  const file = openSync(path, 'w');
  try {
    return work((chunk) => {
      if (typeof chunk === 'string') writeSync(file, chunk);
      else writeSync(file, chunk);
    });
  } finally {
    closeSync(file);
  }
}

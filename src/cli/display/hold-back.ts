import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';
import type { Line } from '../text/line.ts';
import type { Chunks } from '../text/visible-stream.ts';

/** Keeps a command's output until it is known whether it may be shown. */
export interface HeldBack {
  /** Receives the text for standard output, and the notes and warnings. */
  terminal: Terminal;
  /** Writes everything that was received, in the same order. */
  giveOut(): Promise<void>;
}

/** Up to this size, an answer is kept in memory; a longer one goes to a temporary file. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Holds back a command's output: if somebody wrote to the archive while the command ran, the answer is not valid and is
 * not shown.
 */
export function holdBack(terminal: Terminal): HeldBack {
  const said: (() => void | Promise<void>)[] = [];
  return {
    terminal: {
      ...terminal,
      out: (lines) => void said.push(() => terminal.out(lines)),
      async outEach(lines) {
        const all: Line[] = [...lines];
        said.push(() => terminal.outEach(all));
      },
      json: (value) => void said.push(() => terminal.json(value)),
      async data(chunks, form) {
        const kept = await keep(chunks);
        said.push(() => terminal.data(kept, form));
      },
      note: (lines) => void said.push(() => terminal.note(lines)),
      warn: (sentence) => void said.push(() => terminal.warn(sentence)),
    },
    async giveOut() {
      for (const say of said.splice(0)) await say();
    },
  };
}

async function keep(chunks: Chunks): Promise<AsyncIterable<Uint8Array>> {
  const first: Uint8Array[] = [];
  const rest = each(chunks);
  let bytes = 0;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    first.push(next.value);
    bytes += next.value.length;
    if (bytes > MOST_BYTES) return inFile(first, rest);
  }
  return inMemory(first);
}

async function* each(chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* inMemory(chunks: readonly Uint8Array[]) {
  yield* chunks;
}

async function inFile(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-answer-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const path = join(folder, 'answer');
  const file = await open(path, 'wx', 0o600);
  try {
    for (const chunk of first) await file.write(chunk);
    for (let next = await rest.next(); !next.done; next = await rest.next()) await file.write(next.value);
  } finally {
    await file.close();
  }
  return (async function* () {
    yield* createReadStream(path);
    remove();
    process.off('exit', remove);
  })();
}

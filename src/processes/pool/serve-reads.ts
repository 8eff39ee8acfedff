import { readFileSync, writeSync } from 'node:fs';
import { PIPE_FD } from '../../lib/child/protocol.ts';
import { sendError } from '../../lib/child/send-error.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { NamedRead, ReaderProtocol } from './reader-protocol.ts';

/** Functions that a stream may call. */
export interface StreamTools {
  /** Reports something about the running read, in case that the read never ends. */
  note(said: unknown): void;
  /** Writes a chunk, as fast as the other side reads. */
  push(chunk: Uint8Array): void;
}

/** How a stream gives its bytes: it yields or pushes them, and returns the number of rows. */
export type Streamed = Generator<Uint8Array, number> | number | Promise<number>;

/** What a reading process can be asked. */
export interface ServedReads {
  read(asked: NamedRead): unknown;
  stream(asked: NamedRead, tools: StreamTools): Streamed;
  /** Whether the process has worked enough and should be replaced. */
  isWorn(): boolean;
}

const KIB = 1024;

/** Answers the reads of the pool that started this process, one after another. */
export function serveReads({ read, stream, isWorn }: ServedReads): void {
  serveParent<ReaderProtocol>(
    {
      read: async (asked) => (await read(asked)) ?? null,
      async stream(asked, say) {
        let bytes = 0;
        const push = (chunk: Uint8Array) => {
          for (let at = 0; at < chunk.length; ) {
            const written = writeSync(PIPE_FD, chunk, at);
            bytes += written;
            at += written;
          }
        };
        const note = (said: unknown) => say('note', said);
        try {
          const streamed = await stream(asked, { note, push });
          const rows = typeof streamed === 'number' ? streamed : pushAll(streamed, push);
          return { bytes, rows, isWorn: isWorn() };
        } catch (error) {
          return { bytes, rows: null, isWorn: isWorn(), error: sendError(error, namedErrors) };
        }
      },
    },
    // The thread that watches the parent takes half a gigabyte of V8's reservations, so the memory of the idle process
    // can be measured only after that thread has started.
    { errors: namedErrors, tells: {}, ready: () => ({ dataBytes: dataBytes() }) },
  );
}

/** Returns the verb of this name. */
export function findVerb<Verb>(verbs: Record<string, Verb>, name: string): Verb {
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb) throw new Error(`There is no read named ${name}.`);
  return verb;
}

/** The pool's types ensure that the input fits the read. */
export function knownInput(input: unknown): never {
  return input as never;
}

/**
 * Returns how much memory of the kind that `ulimit -d` limits this process takes, in bytes; undefined if the system
 * does not report it.
 */
function dataBytes(): number | undefined {
  try {
    const kib = /^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return kib === undefined ? undefined : Number(kib) * KIB;
  } catch {
    return undefined;
  }
}

/** A write waits while the other side of the pipe is slow, so a stream holds only one chunk at a time. */
function pushAll(chunks: Generator<Uint8Array, number>, push: (chunk: Uint8Array) => void): number {
  for (;;) {
    const { value, done } = chunks.next();
    if (done) return value;
    push(value);
  }
}

import { createLogUpdate } from 'log-update';
import { UserFault } from '../lib/errors/user-fault.ts';
import { exitCodeOf, onStopSignal } from '../lib/process/stop-signals.ts';
import { visibleJson } from '../lib/text/visible-text.ts';
import { isoFromMs } from '../lib/time.ts';
import { noDuration, noSpan, noTime, readTime } from '../questions/time/read-time.ts';
import { readDuration } from '../questions/time/relative-time.ts';
import { joined, type Line, plain, rendered, styled } from './text/line.ts';
import { logSentence } from './text/log-sentence.ts';
import { type Chunks, type DataForm, visibleStream } from './text/visible-stream.ts';

/**
 * Where a command writes: data to standard output, and everything about the work to standard error. Only this file
 * writes there. So nothing that a file, a service or a user wrote can drive the terminal, and no command has to take
 * care of it.
 */
export interface Terminal {
  /** Says one line or several on standard output. */
  out(lines: string | readonly Line[]): void;
  /** Says any number of lines, as they are made. Resolves once all have been taken. */
  outEach(lines: Iterable<Line>): Promise<void>;
  /**
   * Writes a value as JSON on standard output. Every reader gets the same value, and invisible characters are JSON
   * escapes.
   */
  json(value: unknown): void;
  /** Writes data on standard output: byte for byte, unless that is a terminal. Resolves once all has been taken. */
  data(chunks: Chunks, form: DataForm): Promise<void>;
  /** Says one line or several on standard error. */
  note(lines: string | readonly Line[]): void;
  /** Redraws these lines in place; only on a terminal. */
  draw(lines: string | readonly Line[]): void;
  /** Leaves the last drawing standing. */
  drawn(): void;
  /** Takes the last drawing away. */
  erase(): void;
  /** Says a warning on standard error. */
  warn(sentence: string): void;
  /** Says on standard error why a call failed. */
  fail(lines: string | readonly Line[]): void;
  /** Says a line of a log, such as another process's: as sentences if it is a line of JSON. */
  logLine(line: string): void;
  /** Writes a line of a JSON log on standard error. As with `json`, every reader gets the same value. */
  jsonLine(line: string): void;
  /**
   * From here on, a log gets the lines that would go to standard error, and nothing is drawn. With undefined, lines are
   * written again.
   */
  noteTo(log: NoteLog | undefined): void;
  /** Whether standard error can be drawn on. */
  isInteractive: boolean;
  /** Whether standard error is a terminal of any kind. */
  isTerminal: boolean;
  /** Columns of standard output if it is a terminal, else unlimited. */
  outWidth: number;
  /** Columns of standard error if it is a terminal, else 80. */
  noteWidth: number;
}

/** Takes notes, one text for each note. */
export interface NoteLog {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Takes a line of another process's log as it is. */
  line(line: string): void;
}

/** Whether the process was told to stop and is ending its work. Then its output need not reach anybody. */
let isStopping = false;

/** Functions that remove the listeners of each `stopSignal`. */
const stopListenings = new Set<() => void>();

/** A stream, and what is known of it if it is a terminal. */
type Stream = NodeJS.WritableStream &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'hasColors' | 'getColorDepth'>>;

const UNAWAITED_MS = 500;

/** Lines that are made faster than they are taken are buffered up to this many characters. */
const CHUNK_CHARACTERS = 65_536;

/** The terminal of this process, unless other streams are given. */
export function createTerminal({ stdout, stderr }: { stdout: Stream; stderr: Stream } = process): Terminal {
  const canDraw = stderr.isTTY === true && (stderr.getColorDepth?.() ?? 0) > 0;
  const update = createLogUpdate(stderr);
  let drawing: string | undefined;
  let log: NoteLog | undefined;
  /** A line that is said while something is drawn stands above the drawing, which is drawn again below it. */
  const above = (write: () => void, isSameScreen = true) => {
    if (drawing === undefined || !isSameScreen) return write();
    update.clear();
    write();
    update(drawing);
  };
  stdout.on('error', (error: Error & { code?: string }) => {
    // A terminal that hung up takes nothing more from this process. The work is ended all the same.
    if (isStopping || error.code === 'EIO') return;
    // A reader that closes the pipe early, such as head, has seen enough.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // The reader of these messages is gone. The work goes on all the same.
  stderr.on('error', () => {});
  const say = (lines: string | readonly Line[]) => void above(() => stderr.write(`${streamText(lines, stderr)}\n`));
  const taken = (text: string | Uint8Array) =>
    new Promise<void>((resolve) => {
      const go = () => {
        stdout.off('drain', go).off('error', go);
        resolve();
      };
      // A stream that has failed never emits `drain`.
      if (stdout.write(text) || !stdout.writable) resolve();
      else stdout.on('drain', go).on('error', go);
    });
  return {
    out: (lines) => above(() => stdout.write(`${streamText(lines, stdout)}\n`), stdout.isTTY === true),
    async outEach(lines) {
      let text = '';
      for (const line of lines) {
        text += `${rendered(line, hasColors(stdout))}\n`;
        if (text.length < CHUNK_CHARACTERS) continue;
        await taken(text);
        text = '';
      }
      await taken(text);
    },
    json: (value) => void stdout.write(`${visibleJson(JSON.stringify(value, null, 2))}\n`),
    async data(chunks, form) {
      const shown = stdout.isTTY ? visibleStream(chunks, form) : chunks;
      for await (const chunk of shown) await taken(chunk);
    },
    note: (lines) => (log ? log.info(plainText(lines)) : say(lines)),
    warn: (sentence) => (log ? log.warn(sentence) : say([joined(styled('yellow', 'Warning:'), ' ', sentence)])),
    fail: (lines) => (log ? log.error(plainText(lines)) : say(lines)),
    logLine: (line) => (log ? log.line(line) : say(logSentence(line) ?? line)),
    draw(lines) {
      if (log !== undefined) return;
      drawing = streamText(lines, stderr);
      update(drawing);
    },
    drawn() {
      drawing = undefined;
      update.done();
    },
    erase() {
      drawing = undefined;
      update.clear();
      update.done();
    },
    jsonLine: (line) => void stderr.write(`${visibleJson(line.trimEnd())}\n`),
    noteTo(next) {
      log = next;
    },
    get isInteractive() {
      return canDraw && log === undefined;
    },
    isTerminal: stderr.isTTY === true,
    // A terminal that does not know its width says 0.
    outWidth: stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    noteWidth: stderr.columns || 80,
  };
}

function linesOf(lines: string | readonly Line[]): readonly Line[] {
  return typeof lines === 'string' ? [lines] : lines;
}

function plainText(lines: string | readonly Line[]): string {
  return linesOf(lines).map(plain).join('\n').trim();
}

function streamText(lines: string | readonly Line[], stream: Stream): string {
  return linesOf(lines)
    .map((line) => rendered(line, hasColors(stream)))
    .join('\n');
}

function hasColors(stream: Stream): boolean {
  return stream.isTTY === true && stream.hasColors?.() === true;
}

/**
 * Aborts at the first stop signal, and the work answers by ending cleanly. A second signal ends the process at once. A
 * hang-up is never the second signal: a terminal that closes sends it twice, by its shell and by the system, and a
 * service manager sends it after SIGTERM.
 */
export function stopSignal(
  terminal: Pick<Terminal, 'note'>,
  what: string,
): { signal: AbortSignal; isStopped: Promise<void> } {
  const controller = new AbortController();
  const isStopped = new Promise<void>((resolve) => {
    let isAsked = false;
    const listening = onStopSignal((name) => {
      if (isAsked && name !== 'SIGHUP') process.exit(exitCodeOf(name));
      isAsked ||= name !== 'SIGHUP';
      if (controller.signal.aborted) return;
      isStopping = true;
      controller.abort();
      terminal.note(['', `${what} Press Ctrl-C again to end at once.`]);
      resolve();
    });
    stopListenings.add(listening);
  });
  return { signal: controller.signal, isStopped };
}

/**
 * Stops listening for every `stopSignal`. A command listens until its process ends, since a signal that comes while it
 * is ending must not end it halfway. If several commands run in one process, each would leave its listeners there.
 */
export function endStopSignals(): void {
  for (const end of stopListenings) end();
  stopListenings.clear();
}

/**
 * Ends the process if something still holds it although the command is over: the SDK's question for credentials can't
 * be broken off, even after it was given up. Output is waited for. The timer itself does not hold the process.
 */
export function endUnawaited(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) endUnawaited();
    else process.exit();
  }, UNAWAITED_MS).unref();
}

/**
 * A time that a person typed, in epoch milliseconds. readTime reads it, as on every surface. Throws UserFault for text
 * that is not a time.
 */
export function parseTime(option: string, text: string, nowMs = Date.now()): number {
  const at = readTime(text, nowMs);
  if (at !== undefined) return Date.parse(at);
  throw new UserFault(`${option} ${withStop(noTime(text))}`, { exitCode: 2 });
}

/** The milliseconds of a length of time that a person typed. Throws UserFault for text that is not a length of time. */
export function parseDuration(option: string, text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined) return ms;
  throw new UserFault(`${option} ${withStop(noDuration(text))}`, { exitCode: 2 });
}

/** The span that --from and --to name; undefined if neither is given. Throws UserFault if it is empty. */
export function parseSpan(
  from: string | undefined,
  to: string | undefined,
  nowMs: number,
  earliestMs: number,
  latestMs = nowMs,
) {
  if (from === undefined && to === undefined) return undefined;
  const span = {
    from: from === undefined ? earliestMs : parseTime('--from', from, nowMs),
    to: to === undefined ? latestMs : parseTime('--to', to, nowMs),
  };
  if (span.from < span.to) return span;
  const [begins, ends] = [
    { name: '--from', at: isoFromMs(span.from) },
    { name: '--to', at: isoFromMs(span.to) },
  ];
  throw new UserFault(`--to ${noSpan(begins, ends)}.`, { exitCode: 2 });
}

function withStop(sentence: string): string {
  return sentence.endsWith('?') ? sentence : `${sentence}.`;
}

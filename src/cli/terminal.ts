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
 * Where a command writes: data to standard output, and messages to standard error. Only this file writes to them. It
 * escapes foreign text, so that text from a file, a service or a user can't control the terminal. No command has to do
 * this itself.
 */
export interface Terminal {
  /** Writes one or more lines on standard output. */
  out(lines: string | readonly Line[]): void;
  /** Writes any number of lines on standard output, as they are made. Resolves once all are written. */
  outEach(lines: Iterable<Line>): Promise<void>;
  /**
   * Writes a value as JSON on standard output. Every reader gets the same value, and invisible characters are JSON
   * escapes.
   */
  json(value: unknown): void;
  /**
   * Writes data on standard output: byte for byte, unless that is a terminal. Resolves once all is written. Rejects if
   * binary data would go to a terminal, which it could control.
   */
  data(chunks: Chunks, form: DataForm): Promise<void>;
  /** Writes one or more lines on standard error. */
  note(lines: string | readonly Line[]): void;
  /** Draws these lines in place of the lines drawn before; only on a terminal. */
  draw(lines: string | readonly Line[]): void;
  /** Leaves on the screen the lines that were drawn last. */
  drawn(): void;
  /** Removes from the screen the lines that were drawn last. */
  erase(): void;
  /** Writes a warning on standard error. */
  warn(sentence: string): void;
  /** Writes on standard error why a call failed. */
  fail(lines: string | readonly Line[]): void;
  /** Writes a line of a log, for example another process's. A line of JSON becomes sentences. */
  logLine(line: string): void;
  /** Writes a line of a JSON log on standard error. As with `json`, every reader gets the same value. */
  jsonLine(line: string): void;
  /**
   * From now on, the log gets the lines that would go to standard error, and nothing is drawn. With undefined, lines go
   * to standard error again.
   */
  noteTo(log: NoteLog | undefined): void;
  /** Whether lines can be redrawn on standard error. */
  isInteractive: boolean;
  /** Whether standard error is a terminal, even one that can't redraw lines. */
  isTerminal: boolean;
  /** Columns of standard output if it is a terminal, else Infinity. */
  outWidth: number;
  /** Columns of standard error if it is a terminal, else 80. */
  noteWidth: number;
}

/** Receives the command's notes, one text for each note. */
export interface NoteLog {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Receives a line of another process's log unchanged. */
  line(line: string): void;
}

/** Whether the process was told to stop and is ending its work. Then nobody needs its output any more. */
let isStopping = false;

/** Functions that remove the listeners of each `stopSignal`. */
const stopListenings = new Set<() => void>();

/** A stream, with the members that it has if it is a terminal. */
type Stream = NodeJS.WritableStream &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'hasColors' | 'getColorDepth'>>;

const UNAWAITED_MS = 500;

/** `outEach` collects lines up to this many characters before it writes them. */
const CHUNK_CHARACTERS = 65_536;

/** The terminal of this process, unless other streams are given. */
export function createTerminal({ stdout, stderr }: { stdout: Stream; stderr: Stream } = process): Terminal {
  const canDraw = stderr.isTTY === true && (stderr.getColorDepth?.() ?? 0) > 0;
  const update = createLogUpdate(stderr);
  let drawing: string | undefined;
  let log: NoteLog | undefined;
  /** Writes a line above the drawing, if there is one, and draws again below the line. */
  const above = (write: () => void, isSameScreen = true) => {
    if (drawing === undefined || !isSameScreen) return write();
    update.clear();
    write();
    update(drawing);
  };
  stdout.on('error', (error: Error & { code?: string }) => {
    // A closed terminal accepts no more output. The work still ends cleanly.
    if (isStopping || error.code === 'EIO') return;
    // A reader that closes the pipe early, such as `head`, needs no more lines.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Nobody reads these messages any more. The work goes on.
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
      if (stdout.isTTY && form === 'binary') throw new Error('Binary data is not for a terminal.');
      const shown = stdout.isTTY && form !== 'binary' ? visibleStream(chunks, form) : chunks;
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
    // A terminal that does not know its width reports 0 columns.
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
 * Aborts at the first stop signal, so that the work can end cleanly. A second signal ends the process at once. SIGHUP
 * is never the second signal: a closing terminal causes it twice, once from the shell and once from the system, and a
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
 * Removes the listeners of every `stopSignal`. A command keeps its listeners until its process ends, because a signal
 * must not kill the process while it ends cleanly. If several commands run in one process, their listeners must be
 * removed here.
 */
export function endStopSignals(): void {
  for (const end of stopListenings) end();
  stopListenings.clear();
}

/**
 * Ends the process if something keeps it running although the command is over: the SDK's request for credentials can't
 * be cancelled. Waits until all output is written. The timer itself does not keep the process running.
 */
export function endUnawaited(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) endUnawaited();
    else process.exit();
  }, UNAWAITED_MS).unref();
}

/**
 * Returns a time that a person typed, in epoch milliseconds. REST and the console accept the same forms of times.
 * Throws UserFault for text that is not a time.
 */
export function parseTime(option: string, text: string, nowMs = Date.now()): number {
  const at = readTime(text, nowMs);
  if (at !== undefined) return Date.parse(at);
  throw new UserFault(`${option} ${withStop(noTime(text))}`, { exitCode: 2 });
}

/**
 * Returns a length of time that a person typed, in milliseconds. Throws UserFault for text that is not a length of
 * time.
 */
export function parseDuration(option: string, text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined) return ms;
  throw new UserFault(`${option} ${withStop(noDuration(text))}`, { exitCode: 2 });
}

/** Returns the span between --from and --to; undefined if neither is given. Throws UserFault if the span is empty. */
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

import { Writable } from 'node:stream';
import { createTerminal, type Terminal } from '../../src/cli/terminal.ts';

export interface CapturedTerminal {
  terminal: Terminal;
  /** What was written so far to standard output, and to standard error. */
  out(): string;
  err(): string;
}

/** A command's terminal that keeps its output: either as two pipes, or as a terminal of 80 columns with colours. */
export function capturedTerminal({ isTTY = false }: { isTTY?: boolean } = {}): CapturedTerminal {
  const stdout = captured(isTTY);
  const stderr = captured(isTTY);
  return { terminal: createTerminal({ stdout, stderr }), out: () => stdout.text(), err: () => stderr.text() };
}

function captured(isTTY: boolean) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, taken) {
      chunks.push(chunk);
      taken();
    },
  });
  const facts = isTTY ? { isTTY, columns: 80, hasColors: () => true, getColorDepth: () => 8 } : {};
  return Object.assign(stream, { ...facts, text: () => Buffer.concat(chunks).toString() });
}

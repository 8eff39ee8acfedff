import { writeSync } from 'node:fs';
import { errorLines } from '../errors/error-lines.ts';
import { visibleText } from '../text/visible-text.ts';

const STANDARD_ERROR = 2;

/**
 * Ends this process on an uncaught error as Node would, with exit code 1, but escapes the error's text. Node would not
 * escape it, and text from a service or a file could control the terminal. `say` must write synchronously.
 */
export function endVisibly(say: (lines: readonly string[]) => void = writeLines): void {
  process.on('uncaughtException', (error) => {
    try {
      say(errorLines(error));
    } finally {
      process.exit(1);
    }
  });
}

function writeLines(lines: readonly string[]): void {
  writeSync(STANDARD_ERROR, lines.map((line) => `${visibleText(line)}\n`).join(''));
}

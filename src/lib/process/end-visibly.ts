import { writeSync } from 'node:fs';
import { errorLines } from '../errors/error-lines.ts';
import { visibleText } from '../text/visible-text.ts';

const STANDARD_ERROR = 2;

/**
 * Ends this process on an uncaught error as Node would, with exit code 1, but escapes the text of the error. Node
 * writes that as it is, so text in it from a service or a file could control the terminal. `say` must have written
 * everything when it returns.
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

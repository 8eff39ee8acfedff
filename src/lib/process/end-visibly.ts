import { writeSync } from 'node:fs';
import { errorLines } from '../errors/error-lines.ts';
import { visibleText } from '../text/visible-text.ts';

const STANDARD_ERROR = 2;

/**
 * Lets an error that nothing catches end this process as Node would, with exit code 1, but with its words made visible: Node writes them
 * to standard error as they are, and what a service or a file put into them would drive the terminal. `say` must have written when it
 * returns.
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

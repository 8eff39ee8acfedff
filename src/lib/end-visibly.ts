import { writeSync } from 'node:fs';
import { errorLines } from './error-lines.ts';
import { visibleText } from './visible-text.ts';

const STANDARD_ERROR = 2;

/**
 * Lets an error that nothing catches end this process as Node would, with exit code 1, but with its words made visible: Node writes them
 * to standard error as they are, and what a service or a file put into them would drive the terminal.
 */
export function endVisibly(): void {
  process.on('uncaughtException', (error) => {
    const text = errorLines(error).map((line) => `${visibleText(line)}\n`);
    try {
      writeSync(STANDARD_ERROR, text.join(''));
    } finally {
      process.exit(1);
    }
  });
}

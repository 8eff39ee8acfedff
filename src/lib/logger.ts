import { type Logger, pino } from 'pino';
import { visibleJson } from './visible-text.ts';

export type { Logger };
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A logger that writes one JSON object a line to standard error, with ISO times, so that standard output stays data. JSON escapes the
 * controls of C0 alone; all else that could drive a terminal is escaped here, and stays the same JSON.
 */
export function createLogger(level: LogLevel): Logger {
  const standardError = pino.destination({ fd: 2, sync: true });
  // A terminal that hung up takes no more lines, and a process that is to end its work cleanly must not die of that. pino itself does so
  // where a pipe was closed.
  standardError.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'EIO') standardError.write = () => true;
    else if (error.code !== 'EPIPE') throw error;
  });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => void standardError.write(visibleJson(line)) },
  );
}

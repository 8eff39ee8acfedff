import { type Logger, pino } from 'pino';
import { explainTooManyFiles } from './explain-too-many-files.ts';
import { visibleJson } from './visible-text.ts';

export type { Logger };
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** As pino writes an error, and what to do where it comes of too many open files: such an error says only what could not be opened. */
function errorOf(error: Error) {
  const remedy = explainTooManyFiles(error);
  return { ...pino.stdSerializers.err(error), ...(remedy !== undefined && { remedy }) };
}

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
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorOf } },
    { write: (line: string) => void standardError.write(visibleJson(line)) },
  );
}

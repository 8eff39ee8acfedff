import { type Logger, pino } from 'pino';
import { explainTooManyFiles } from './errors/explain-too-many-files.ts';
import { visibleJson } from './text/visible-text.ts';

export type { Logger };
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** What a log is written as: JSON for machines, sentences for people. */
export const LOG_FORMS = ['json', 'text'] as const;
export type LogForm = (typeof LOG_FORMS)[number];

/** As pino writes an error, and what to do where it comes of too many open files: such an error says only what could not be opened. */
function errorOf(error: Error) {
  const remedy = explainTooManyFiles(error);
  return { ...pino.stdSerializers.err(error), ...(remedy !== undefined && { remedy }) };
}

/** Takes a log line by line, each a JSON object with its line end. */
export type WriteLine = (line: string) => void;

/**
 * A logger of one JSON object a line, with ISO times; to standard error unless it is told where, so that standard output stays data. JSON
 * escapes the controls of C0 alone; all else that could drive a terminal is escaped here, and stays the same JSON.
 */
export function createLogger(level: LogLevel, write: WriteLine = standardErrorWriter()): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorOf } },
    { write: (line: string) => write(visibleJson(line)) },
  );
}

function standardErrorWriter(): WriteLine {
  const standardError = pino.destination({ fd: 2, sync: true });
  // A terminal that hung up takes no more lines, and a process that is to end its work cleanly must not die of that. pino itself does so
  // where a pipe was closed.
  standardError.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'EIO') standardError.write = () => true;
    else if (error.code !== 'EPIPE') throw error;
  });
  return (line) => void standardError.write(line);
}

import { type Logger, pino } from 'pino';
import { explainTooManyFiles } from './errors/explain-too-many-files.ts';
import { visibleJson } from './text/visible-text.ts';

export type { Logger };
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** The form of the log: JSON for machines, sentences for people. */
export const LOG_FORMS = ['json', 'text'] as const;
export type LogForm = (typeof LOG_FORMS)[number];

/**
 * Writes an error as pino does. If too many open files caused the error, adds what to do: the error itself says only
 * which file could not be opened.
 */
function errorOf(error: Error) {
  const remedy = explainTooManyFiles(error);
  return { ...pino.stdSerializers.err(error), ...(remedy !== undefined && { remedy }) };
}

/** Receives the log line by line, each a JSON object with its line end. */
export type WriteLine = (line: string) => void;

/**
 * Returns a logger that writes one JSON object per line, with ISO times. It writes to standard error by default,
 * because standard output is for data. JSON itself escapes only C0 controls. Here, all other characters that could
 * control a terminal are escaped too, which does not change the JSON's value.
 */
export function createLogger(level: LogLevel, write: WriteLine = standardErrorWriter()): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorOf } },
    { write: (line: string) => write(visibleJson(line)) },
  );
}

function standardErrorWriter(): WriteLine {
  const standardError = pino.destination({ fd: 2, sync: true });
  // A closed terminal accepts no more lines. This error is ignored, because the process must still end its work
  // cleanly. pino does the same for a closed pipe.
  standardError.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'EIO') standardError.write = () => true;
    else if (error.code !== 'EPIPE') throw error;
  });
  return (line) => void standardError.write(line);
}

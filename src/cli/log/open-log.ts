import type { Config } from '../../config/config.ts';
import { createLogger, type LogForm, type Logger, type LogLevel } from '../../lib/logger.ts';
import type { Terminal } from '../terminal.ts';
import { logSentence } from '../text/log-sentence.ts';

/**
 * Opens the log of a command, which owns standard error from here on. As JSON each line is an object, also what is noted on the terminal, and
 * what came from elsewhere in another form. As text all of it is sentences, which stand above what is drawn.
 */
export function openLog(terminal: Terminal, level: LogLevel, form: LogForm): Logger {
  if (form === 'text') {
    terminal.noteTo(undefined);
    return createLogger(level, terminal.logLine);
  }
  const log = createLogger(level, terminal.jsonLine);
  // The reason of a failed call is written at every level.
  const failures = createLogger('error', terminal.jsonLine);
  terminal.noteTo({
    info: (text) => log.info(text),
    warn: (text) => log.warn(text),
    error: (text) => failures.error(text),
    line: (line) => (logSentence(line) === undefined ? log.error(line) : terminal.jsonLine(line)),
  });
  return log;
}

/** The log of a command that ends by itself: as text it has warnings and errors alone, since all else is in what the command says in the end. */
export function openOwnLog(terminal: Terminal, { log, logLevel }: Pick<Config, 'log' | 'logLevel'>): Logger {
  const form = logFormOf(log, false, terminal);
  return openLog(terminal, form === 'text' && logLevel === 'info' ? 'warn' : logLevel, form);
}

/**
 * What the log of a command is written as: as it is set, and else JSON where a service writes it to anything but a terminal. A command that
 * ends by itself speaks to who called it.
 */
export function logFormOf(set: LogForm | undefined, isService: boolean, { isTerminal }: Terminal): LogForm {
  return set ?? (isService && !isTerminal ? 'json' : 'text');
}

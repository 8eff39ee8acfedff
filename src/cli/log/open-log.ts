import type { Config } from '../../config/config.ts';
import { createLogger, type LogForm, type Logger, type LogLevel } from '../../lib/logger.ts';
import type { Terminal } from '../terminal.ts';
import { logSentence } from '../text/log-sentence.ts';

/**
 * Opens the log of a command, which owns standard error from then on. As JSON each line is an object, including notes
 * of the command and lines from elsewhere that have another form. As text everything is sentences, which stand above
 * what is drawn.
 */
export function openLog(terminal: Terminal, level: LogLevel, form: LogForm): Logger {
  if (form === 'text') {
    terminal.noteTo(undefined);
    return createLogger(level, terminal.logLine);
  }
  const log = createLogger(level, terminal.jsonLine);
  // The reason why a call failed is written at every level.
  const failures = createLogger('error', terminal.jsonLine);
  terminal.noteTo({
    info: (text) => log.info(text),
    warn: (text) => log.warn(text),
    error: (text) => failures.error(text),
    line: (line) => (logSentence(line) === undefined ? log.error(line) : terminal.jsonLine(line)),
  });
  return log;
}

/**
 * The log of a command that ends by itself. As text it has only warnings and errors, since the command says everything
 * else when it ends.
 */
export function openOwnLog(terminal: Terminal, { log, logLevel }: Pick<Config, 'log' | 'logLevel'>): Logger {
  const form = logFormOf(log, false, terminal);
  return openLog(terminal, form === 'text' && logLevel === 'info' ? 'warn' : logLevel, form);
}

/**
 * The form of a command's log: as it is set, or else JSON if a service writes it to something that is not a terminal. A
 * command that ends by itself speaks to its caller, so it writes text.
 */
export function logFormOf(set: LogForm | undefined, isService: boolean, { isTerminal }: Terminal): LogForm {
  return set ?? (isService && !isTerminal ? 'json' : 'text');
}

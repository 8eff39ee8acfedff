import type { Config } from '../../config/config.ts';
import { createLogger, type LogForm, type Logger, type LogLevel } from '../../lib/logger.ts';
import type { Terminal } from '../terminal.ts';
import { logSentence } from '../text/log-sentence.ts';

/**
 * Opens the log of a command, which goes to standard error. As JSON, each line is an object: the command's notes and
 * lines of other programs are converted too. As text, everything is in sentences, printed above the progress display.
 */
export function openLog(terminal: Terminal, level: LogLevel, form: LogForm): Logger {
  if (form === 'text') {
    terminal.noteTo(undefined);
    return createLogger(level, terminal.logLine);
  }
  const log = createLogger(level, terminal.jsonLine);
  // The reason why a call failed is written whatever the log's level is.
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
 * Opens the log of a command that ends by itself. As text, it has only warnings and errors, because the command says
 * everything else when it ends.
 */
export function openOwnLog(terminal: Terminal, { log, logLevel }: Pick<Config, 'log' | 'logLevel'>): Logger {
  const form = logFormOf(log, false, terminal);
  return openLog(terminal, form === 'text' && logLevel === 'info' ? 'warn' : logLevel, form);
}

/**
 * Returns the form of a command's log: the one in the settings. Without a setting, a service writes JSON unless
 * standard error is a terminal. A command that ends by itself writes text, for the person who called it.
 */
export function logFormOf(set: LogForm | undefined, isService: boolean, { isTerminal }: Terminal): LogForm {
  return set ?? (isService && !isTerminal ? 'json' : 'text');
}

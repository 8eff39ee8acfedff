import { LOG_LEVELS, type Logger, type LogLevel } from '../../../lib/logger.ts';

/** The level of a log, for the log of a child process. */
export function levelOf({ level }: Logger): LogLevel {
  return LOG_LEVELS.find((name) => name === level) ?? 'info';
}

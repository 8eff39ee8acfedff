import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** Returns a logger that keeps its lines in memory. */
export function memoryLog(): { log: Logger; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  return { log: pino(stream), logged };
}

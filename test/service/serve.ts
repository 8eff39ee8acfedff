import { type OnEnd, type Running, type Setting, start } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';

/** The built `ssm-archive serve`, as a process of its own. */
export interface Serving {
  url: string;
  pid: number;
  /** What the server has logged so far, parsed. */
  logged(): Record<string, unknown>[];
  /** The log entries whose message begins with this text. */
  lines(beginning: string): Record<string, unknown>[];
  /** Resolves once there are `count` log entries whose message begins with this text. */
  said(beginning: string, count?: number): Promise<void>;
  /** Sends the signal, and resolves with the exit code when the server has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the server on the setting's archive, and waits for its first pass. Later passes begin only when asked for. */
export async function serve(setting: Setting, env: Record<string, string> = {}, onEnd?: OnEnd): Promise<Serving> {
  const serving = { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *', ...env };
  const running = start({ ...setting, env: { ...setting.env, ...serving } }, ['serve'], undefined, onEnd);
  const found = followed(running);
  await found.said('Collected.');
  return { ...found, url: String(found.lines('Serving.')[0]?.url), pid: Number(running.child.pid) };
}

function followed({ child, ended, errors }: Running): Omit<Serving, 'url' | 'pid'> {
  const logged = () =>
    errors()
      .split('\n')
      .slice(0, -1)
      .flatMap((line): Record<string, unknown>[] => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const lines = (beginning: string) => logged().filter(({ msg }) => String(msg).startsWith(beginning));
  return {
    logged,
    lines,
    said: (beginning, count = 1) => until(() => lines(beginning).length >= count),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await ended).code;
    },
  };
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { DATASETTE } from '../../test/deploy/tools.mjs';

/** Returns what is missing here to run Datasette; undefined if nothing is. */
export function missingDatasette(): string | undefined {
  return existsSync(DATASETTE.path) ? undefined : `${DATASETTE.name} (node test/install-tools.mjs installs it)`;
}

/**
 * Serves an archive with Datasette, on a free port of this machine. The file is named as one that never changes, so that
 * Datasette counts its rows once, and its limits don't end any of the questions.
 */
export async function serveDatasette(path: string): Promise<{ url: string; pid: number; end(): Promise<void> }> {
  const child = spawn(
    'python3',
    [
      ...['-m', 'datasette', 'serve', '--immutable', path, '--host', '127.0.0.1', '--port', '0'],
      ...['--setting', 'sql_time_limit_ms', '600000'],
    ],
    { env: { ...process.env, PYTHONPATH: DATASETTE.path, PYTHONUTF8: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  const url = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const found = /running on (http:\/\/\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
      if (said.length > 100) said.shift();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Datasette ended with ${code}:\n${said.join('\n')}`)));
  });
  return {
    url: `${url}/${basename(path, '.db')}`,
    pid: child.pid ?? 0,
    end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

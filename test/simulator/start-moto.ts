import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { MOTO } from '../deploy/tools.mjs';

export interface MotoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** If moto is missing, its tests are skipped. With CI=true they run, and fail. */
export const isWithoutMoto = !existsSync(MOTO.path) && !process.env.CI;
export const NEEDS_MOTO = '(needs moto, which npm test installs with pip for root)';

const PROGRAM = "from moto.server import main; main(['--host', '127.0.0.1', '--port', '0'])";
const STARTED = /Running on (http:\/\/127\.0\.0\.1:\d+)/;

/** Starts moto's server on a free port. Rejects if it is not installed, and with what it printed if it ends before it listens. */
export async function startMoto(): Promise<MotoServer> {
  // Python might have a moto of its own, of another version.
  if (!existsSync(MOTO.path)) throw new Error(`${MOTO.name} is missing in ${MOTO.path} ${NEEDS_MOTO}`);
  const env = { ...process.env, PYTHONPATH: MOTO.path, PYTHONUNBUFFERED: '1' };
  const child = spawn('python3', ['-c', PROGRAM], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await addressOf(child);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto ended with ${code}: ${printed}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const url = STARTED.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

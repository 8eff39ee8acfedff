import { spawn } from 'node:child_process';

export interface CommandTimes {
  seconds: number;
  /** User and system time of all processes of the command together. */
  cpuSeconds: number;
}

/**
 * Runs a bash command line to its end and times it with bash's own `time`. If the command fails, rejects with its
 * output.
 */
export function timeCommands(line: string, env: Record<string, string>, cwd: string): Promise<CommandTimes> {
  const script = `set -o pipefail; TIMEFORMAT='%R %U %S'; time { ${line}; }`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const [, seconds, user, system] = /([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? [];
      if (code === 0 && seconds) resolve({ seconds: Number(seconds), cpuSeconds: Number(user) + Number(system) });
      else reject(new Error(`${line}\nended with ${code}: ${said}`));
    });
  });
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limitedProgram } from '../../src/readers/limited-program.ts';
import { tempFolder } from '../db/temp-archive.ts';

/** What a program under ceilings prints, and how it ended. */
function run(script: string, limits = { dataBytes: 536_870_912, cpuSeconds: 30 }) {
  const { execPath = '', execArgv } = limitedProgram(limits, ['--no-warnings']);
  const { stdout, stderr, status, signal } = spawnSync(execPath, [...execArgv, '-e', script, "it's", '$HOME', 'a b']);
  return { out: stdout.toString(), err: stderr.toString(), status, signal };
}

describe('a program under ceilings', () => {
  it('has its arguments as they were given, and Node’s own before them', () => {
    const { out } = run('console.log(JSON.stringify([process.argv.slice(1), process.execArgv]))');
    expect(JSON.parse(out)).toEqual([
      ["it's", '$HOME', 'a b'],
      ['--no-warnings', '-e', expect.any(String)],
    ]);
  });

  it('can make no file grow, and is not ended by trying', () => {
    const path = join(tempFolder(), 'file');
    const { out } = run(`
      const fs = require('node:fs');
      try { fs.writeFileSync(${JSON.stringify(path)}, 'x'); } catch (error) { console.log(error.code); }`);
    expect(out).toBe('EFBIG\n');
  });

  it('gets no more memory than its ceiling', () => {
    const { out, status } = run(`
      let bytes = 0;
      try { for (const all = []; ; bytes += 2 ** 25) all.push(Buffer.alloc(2 ** 25, 1)); } catch { console.log(bytes); }`);
    expect(status === 0 ? Number(out) : 0).toBeLessThan(536_870_912);
  });

  it('is ended once it has had its processor time', () => {
    const { signal } = run('for (;;);', { dataBytes: 536_870_912, cpuSeconds: 1 });
    expect(['SIGXCPU', 'SIGKILL']).toContain(signal);
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limitedProgram, type ProcessLimits } from '../../../src/processes/pool/limited-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const MEMORY_BYTES = 536_870_912;
const UNLIMITED = { dataBytes: undefined, heapBytes: MEMORY_BYTES, cpuSeconds: 30 };
/**
 * The code of a function that returns a figure from /proc/self/status, such as the size of the process's data, in KiB.
 */
const FIGURES = `
  const figureOf = (name) =>
    Number(new RegExp(name + ':[^0-9]+([0-9]+)').exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1]);`;

/** Returns what a program under limits prints, and how it ended. */
function run(script: string, limits: ProcessLimits = UNLIMITED) {
  const { execPath = '', execArgv } = limitedProgram(limits, ['--no-warnings']);
  const { stdout, stderr, status, signal } = spawnSync(execPath, [...execArgv, '-e', script, "it's", '$HOME', 'a b']);
  return { out: stdout.toString(), err: stderr.toString(), status, signal };
}

describe('a program under limits', () => {
  it('gets its arguments unchanged, after Node’s own arguments', () => {
    const { out } = run('console.log(JSON.stringify([process.argv.slice(1), process.execArgv]))');
    expect(JSON.parse(out)).toEqual([
      ["it's", '$HOME', 'a b'],
      ['--no-warnings', '--max-old-space-size=512', '-e', expect.any(String)],
    ]);
  });

  it('cannot make a file grow, and keeps running after it has tried', () => {
    const path = join(tempFolder(), 'file');
    const { out } = run(`
      const fs = require('node:fs');
      try { fs.writeFileSync(${JSON.stringify(path)}, 'x'); } catch (error) { console.log(error.code); }`);
    expect(out).toBe('EFBIG\n');
  });

  it('gets no more memory than its limit allows in addition to what it uses when idle, on every Node version', () => {
    const atRestBytes = 1024 * Number(run(`${FIGURES} console.log(figureOf('VmData'));`).out);
    // The program may end by itself, or by a signal if no memory is left even for an error. What counts is the memory
    // that the program had before its end.
    const { out } = run(
      `${FIGURES}
      try {
        const all = [];
        for (let bytes = 2 ** 25; ; bytes += 2 ** 25) {
          all.push(Buffer.alloc(2 ** 25, 1));
          require('node:fs').writeSync(1, bytes + ' ' + 1024 * figureOf('VmHWM') + '\\n');
        }
      } catch {}`,
      { ...UNLIMITED, dataBytes: atRestBytes + MEMORY_BYTES },
    );
    const [bytes = 0, peakBytes = 0] = out.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    expect(bytes).toBeLessThan(MEMORY_BYTES + 2 ** 26);
    expect(bytes).toBeGreaterThan(MEMORY_BYTES / 2);
    expect(peakBytes).toBeLessThan(MEMORY_BYTES + 128 * 2 ** 20);
  });

  it('gets a V8 heap that is at most as large as its limit', () => {
    const { status, signal } = run('const all = []; for (;;) all.push(new Array(2 ** 17).fill(all.length));', {
      ...UNLIMITED,
      heapBytes: 64 * 2 ** 20,
    });
    expect({ status, signal }).not.toMatchObject({ status: 0 });
  });

  it('is ended once it has used up its processor time', () => {
    const { signal } = run('for (;;);', { ...UNLIMITED, cpuSeconds: 1 });
    expect(['SIGXCPU', 'SIGKILL']).toContain(signal);
  });
});

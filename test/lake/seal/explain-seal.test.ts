import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { explainSeal } from '../../../src/lake/seal/explain-seal.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';

const AT = { location: '/srv/lake', db: '/srv/archive.db' };

/** The code of the system's error for a file that becomes larger than a process may make it. */
function codeOfTooLarge(): string {
  const program =
    "try { fs.writeFileSync('/dev/shm/' + process.pid, Buffer.alloc(9e6)) } catch (e) { console.log(e.code) } fs.rmSync('/dev/shm/' + process.pid)";
  return execFileSync('bash', ['-c', 'ulimit -f 2048; exec "$0" -e "$1"', process.execPath, program], {
    encoding: 'utf8',
  }).trim();
}

it('a file that may not become as large as it must is said in a sentence with what to do', () => {
  const ofSystem = Object.assign(new Error('EFBIG: file too large, write'), { code: codeOfTooLarge() });
  const ofDuckDb = new Error('IO Error: Could not write file "/srv/staging.duckdb": File too large');
  for (const error of [ofSystem, ofDuckDb]) {
    const said = explainSeal(error, AT);
    expect(said).toBeInstanceOf(UserFault);
    expect(String(said)).toMatch(/larger than the system allows .*ulimit -f.* the next seal goes on\./);
  }
  const other = new Error('something else');
  expect(explainSeal(other, AT)).toBe(other);
});

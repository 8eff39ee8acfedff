import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * Installs below a folder what `npm install --global --prefix /usr/local` would: the package as `npm pack` makes it
 * from the present build, its one dependency, and the Node that runs this test.
 */
export function installPackage(root: string): void {
  const folder = join(root, 'usr/local/lib/node_modules/ssm-archive');
  const programs = join(root, 'usr/local/bin');
  for (const path of [folder, programs]) mkdirSync(path, { recursive: true });
  const packed = mkdtempSync(join(tmpdir(), 'ssm-archive-packed-'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed]);
  const [tarball = ''] = readdirSync(packed);
  execFileSync('tar', ['-xzf', join(packed, tarball), '-C', folder, '--strip-components=1']);
  rmSync(packed, { recursive: true });
  for (const name of ['better-sqlite3', 'node-addon-api']) {
    cpSync(join('node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  const program = join(folder, 'dist/cli.js');
  chmodSync(program, 0o755);
  symlinkSync(relative(programs, program), join(programs, 'ssm-archive'));
  copyFileSync(process.execPath, join(programs, 'node'));
}

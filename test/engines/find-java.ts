import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/jvm';

/** Returns a `java` of at least a version: that of PATH, of JAVA_HOME, or one that Debian has beside it. */
export function findJava(least: number): string | undefined {
  const home = process.env.JAVA_HOME;
  const candidates = ['java', ...(home ? [join(home, 'bin', 'java')] : []), ...debians()];
  return candidates.find((java) => versionOf(java) >= least);
}

function debians(): string[] {
  try {
    return readdirSync(DEBIAN).map((name) => join(DEBIAN, name, 'bin', 'java'));
  } catch {
    return [];
  }
}

/** The first number of its version; 0 if there is no such program. */
function versionOf(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const [, version = '0'] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return Number(version);
}

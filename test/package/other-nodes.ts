import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The other Nodes on which the package runs: the oldest, and the newest when this was written. */
const OTHER_NODES = ['22.15.0', '26.10.0'];

export interface NodeBinary {
  version: string;
  path: string;
  /** Why this Node is not available. */
  missing?: string;
}

/**
 * The Node that runs the tests, and all other Nodes, which come from npm. A Node that was fetched once is kept in the
 * user's cache.
 */
export async function allNodes(): Promise<NodeBinary[]> {
  const own = { version: process.versions.node, path: process.execPath };
  return [own, ...(await Promise.all(OTHER_NODES.map(otherNode)))];
}

async function otherNode(version: string): Promise<NodeBinary> {
  const { platform, arch } = process;
  const system = `${platform}-${arch}`;
  if (!['linux-x64', 'linux-arm64'].includes(system)) return { version, path: '', missing: `this system is ${system}` };
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ssm-archive-tests');
  const folder = join(cache, `node-${version}-${system}`);
  const found = { version, path: join(folder, 'package', 'bin', 'node') };
  if (existsSync(found.path)) return found;
  mkdirSync(cache, { recursive: true });
  // The folder gets its name last, because two runs may fetch a Node at once, and one of them may be interrupted.
  const part = mkdtempSync(`${folder}-part-`);
  try {
    await run('npm', ['pack', `node-${system}@${version}`, '--pack-destination', part]);
    const tarball = readdirSync(part)[0] ?? '';
    await run('tar', ['-xzf', join(part, tarball), '-C', part, 'package/bin/node']);
    rmSync(join(part, tarball));
    if (!existsSync(found.path)) renameSync(part, folder);
    return found;
  } catch (error) {
    return { version, path: '', missing: `it could not be fetched from npm (${String(error).split('\n')[0]})` };
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

const run = promisify(execFile);

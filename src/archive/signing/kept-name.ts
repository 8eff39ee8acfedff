import { existsSync } from 'node:fs';

/**
 * The new name of a key or a record that another one replaces: `archive-ledger.<name of the key>.key.old`. No existing
 * file has this name.
 */
export function keptName(path: string, origin: string): string {
  const [, stem = path, end = ''] = /^(.*?)(\.key|\.signed)?$/s.exec(path) ?? [];
  // A name may have a slash, which would mean another folder.
  const name = origin.slice(origin.lastIndexOf('/') + 1).replace(/[^\w.-]/g, '_');
  const kept = `${stem}.${name}${end}.old`;
  for (let n = 1; ; n++) {
    const free = n === 1 ? kept : `${kept}.${n}`;
    if (!existsSync(free)) return free;
  }
}

import { existsSync } from 'node:fs';

/**
 * The name under which a key or a record is kept once another takes its place: `archive-ledger.<name of the
 * key>.key.old`. It never replaces a file.
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

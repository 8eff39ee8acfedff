import { existsSync } from 'node:fs';

/**
 * The name that a key or a record is kept by once another takes its place: `archive-ledger.<name of the key>.key.old`. Nothing is ever
 * replaced by it.
 */
export function keptName(path: string, origin: string): string {
  const [, stem = path, end = ''] = /^(.*?)(\.key|\.signed)?$/s.exec(path) ?? [];
  // A name may have a slash, which would be another folder.
  const name = origin.slice(origin.lastIndexOf('/') + 1).replace(/[^\w.-]/g, '_');
  const kept = `${stem}.${name}${end}.old`;
  for (let n = 1; ; n++) {
    const free = n === 1 ? kept : `${kept}.${n}`;
    if (!existsSync(free)) return free;
  }
}

import { openArchive } from '../../src/db/open.ts';

/**
 * Adds this many invocations, each of a command of its own, the newest a minute old. One statement writes them, because
 * only their number or their size matters. Their comments hardly compress.
 */
export function fillArchive(path: string, count: number, commentLength = 200): void {
  const db = openArchive(path);
  try {
    db.sqlite
      .prepare(
        `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)
         INSERT INTO invocations (account_id, region, command_id, instance_id, instance_name, comment, document_name,
                                  document_version, requested_at, status, status_details, notification_events_json,
                                  first_seen_at, changed_at, fingerprint)
         SELECT '999999999999', 'eu-north-1', printf('%08x-0000-4000-8000-000000000000', n), printf('i-%017x', n % 500),
                'web', hex(randomblob(?)), 'AWS-RunPatchBaseline', '$DEFAULT',
                strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('-%d minutes', n)), 'Success', 'Success', '[]',
                '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', x'00' FROM c`,
      )
      .run(count, Math.ceil(commentLength / 2));
  } finally {
    db.close();
  }
}

import type { AuthDb } from './open-auth-db.ts';
import type { RandomBytes } from './secret.ts';

const RANDOM_BYTES = 32;

/** Returns the server's secret with that name, as hex. It is made at its first use, and stays the same. */
export function serverSecret({ authDb, random }: { authDb: AuthDb; random: RandomBytes }, name: string): string {
  return authDb.write(() => {
    authDb
      .prepare<[string, Buffer], never>(
        'INSERT INTO server_secrets (name, secret) VALUES (?, ?) ON CONFLICT DO NOTHING',
      )
      .run(name, random(RANDOM_BYTES));
    const row = authDb
      .prepare<[string], { secret: Buffer }>('SELECT secret FROM server_secrets WHERE name = ?')
      .get(name);
    if (!row) throw new Error(`The secret ${name} can't be read back.`);
    return row.secret.toString('hex');
  });
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAccessDb } from '../../src/access/log/open-access-db.ts';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import type { Role } from '../../src/access/roles.ts';
import { createToken } from '../../src/access/tokens/create-token.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { tempFolder } from '../db/temp-archive.ts';

export const START = '2026-03-01T09:30:00.000Z';

/** A file of tokens, an access log, and a clock that stands still until a test moves it. */
export function accessTrial() {
  const folder = tempFolder();
  const authPath = join(folder, 'auth.db');
  const accessPath = join(folder, 'access.db');
  const authDb = openAuthDb(authPath);
  const accessDb = openAccessDb(accessPath);
  onTestFinished(() => {
    authDb.close();
    accessDb.close();
  });
  let nowMs = Date.parse(START);
  const deps = { authDb, now: () => new Date(nowMs), random: randomBytes };
  return {
    ...deps,
    deps,
    folder,
    authPath,
    accessPath,
    accessDb,
    pass(ms: number) {
      nowMs += ms;
    },
    /** Makes a token with that role, by default for 90 days. */
    make(role: Role, name: string = role, expiresAt: Date | undefined = new Date(nowMs + 90 * DAY_MS)) {
      return createToken(deps, { name, role, expiresAt }).token;
    },
  };
}

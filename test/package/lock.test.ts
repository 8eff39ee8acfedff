import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const lock = z
  .object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), gypfile: z.boolean().optional() })),
  })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

// `npm ci` knows only what the lock says about a package. Without `gypfile: false` it would call node-gyp for a
// binding.gyp, which needs Python. `npm install` drops this member when it writes the lock: then put it back by hand.
it('npm ci compiles nothing, because package-lock.json also says that the driver of SQLite must not be built', () => {
  expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false });
});

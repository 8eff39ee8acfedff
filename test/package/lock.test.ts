import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const lock = z
  .object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), gypfile: z.boolean().optional() })),
  })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

// `npm ci` knows of a package only what the lock has. It would call node-gyp for a binding.gyp, which needs Python, and
// `npm install` leaves this word out when it writes the lock: put it back by hand then.
it('npm ci compiles nothing: the lock repeats that the driver of SQLite is not to be built', () => {
  expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false });
});

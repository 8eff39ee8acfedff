// Installs the engines that `npm run test:engines` asks, once for each version and user.
import { existsSync } from 'node:fs';
import { ENGINES, installTools, TRINO } from '../deploy/tools.mjs';

await installTools([...ENGINES, TRINO]);
for (const { name, needs, tests } of [...ENGINES, TRINO].filter(({ path }) => !existsSync(path)))
  console.error(`${name} is missing (it needs ${needs}): the tests of ${tests} are skipped.`);

// Installs what the tests need beyond npm, where that can be done without asking: as root on Debian. Elsewhere the suite
// that needs it reports itself skipped, with the reason; with CI=true it runs anyway and fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ENGINES, installTools, TOOLS } from './deploy/tools.mjs';

const tools = [
  { file: '/usr/bin/aws', package: 'awscli' },
  { file: '/usr/bin/sqlite3', package: 'sqlite3' },
  { file: '/usr/lib/python3/dist-packages/boto3/__init__.py', package: 'python3-boto3' },
  { file: '/usr/bin/chromium', package: 'chromium' },
  { file: '/usr/bin/systemd-analyze', package: 'systemd' },
  { file: '/usr/bin/systemd-nspawn', package: 'systemd-container' },
  { file: '/usr/sbin/debootstrap', package: 'debootstrap' },
];
const missing = tools.filter(({ file }) => !existsSync(file));

const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
const building = mayInstall ? installTools([...TOOLS, ...ENGINES]) : undefined;

if (missing.length > 0 && mayInstall) {
  const names = missing.map((tool) => tool.package);
  console.log(`Installing ${names.join(', ')} with apt-get for the tests.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env, encoding: 'utf8' });
  let result = install();
  if (result.status !== 0) {
    spawnSync('apt-get', ['update'], { env });
    result = install();
  }
  if (result.status !== 0) console.error(`apt-get could not install them:\n${result.stderr}`);
}
await building;
for (const tool of tools.filter(({ file }) => !existsSync(file))) {
  console.error(
    `${tool.file} is missing (Debian: apt-get install ${tool.package}): the tests that need it ${process.env.CI ? 'fail' : 'are skipped'}.`,
  );
}
for (const tool of [...TOOLS, ...ENGINES].filter(({ path }) => !existsSync(path))) {
  const fails = process.env.CI && !ENGINES.includes(tool);
  console.error(
    `${tool.name} is missing (it needs ${tool.needs}): the tests of ${tool.tests} ${fails ? 'fail' : 'are skipped'}.`,
  );
}

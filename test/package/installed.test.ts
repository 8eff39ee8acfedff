import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peakOf } from '../processes/sql/peak-of.ts';
import { BOMBS } from '../processes/sql/sql-bombs.ts';
import { childrenOf, sqlReadersOf } from '../service/processes.ts';
import { type InstalledPackage, installPackage, isOffline, readInstalled } from './install-package.ts';
import { allNodes, type NodeBinary } from './other-nodes.ts';
import { shellCommands, tableCommands } from './readme.ts';
import { adapt, BLOCK_TRIALS, COMMAND_TRIALS, describeRun, STARTED, STARTS } from './readme-trials.ts';
import { type InstalledTrial, startInstalled } from './start-installed.ts';

const MIB = 2 ** 20;
/** Two thirds of it are SQLite's driver. What reads a lake in a bucket took it over 40 MB. */
const MOST_DISK_BYTES = 42_000_000;
const MEMORY_BYTES = 512 * MIB;
/** Mapped bytes of Node's own program and of the archive. They are in memory only once a query uses them. */
const MAPPED_BYTES = 32 * MIB;
/** The queries of the hostile suite that take the most memory, on each Node that was measured. */
const WORST = [
  ...[
    'a group_concat bomb',
    'a json_group_array bomb',
    'an endless recursive CTE whose rows grow',
    'an endless recursive CTE within another',
  ],
  ...[
    'many zeroblobs',
    "printf('%.*c', 1e9, 'x')",
    'randomblob in hex',
    'quote of a blob',
    'replace() that multiplies',
  ],
  ...['a sort of gigabytes', 'DISTINCT over gigabytes', 'a window over an endless frame'],
];
const BOMB_TIMEOUT_MS = 1000;
const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

const installing = installPackage().catch((error: unknown) => {
  if (process.env.CI || !isOffline(error)) throw error;
  console.warn(`The package is not tried, because npm can't reach its registry: ${firstLine(error)}`);
});
const [installed, nodes] = await Promise.all([installing, allNodes()]);
afterAll(() => installed?.remove());

test("README's table has a trial for each of its commands", () => {
  expect(tableCommands().sort()).toEqual([...Object.keys(COMMAND_TRIALS), ...STARTED].sort());
});

describe.skipIf(!installed)('the package, installed with production dependencies where there is no compiler', () => {
  test('has three packages under 42 MB, and none of them runs a script', () => {
    const { packages, withScript, diskBytes } = readInstalled(installed?.folder ?? '');
    expect(packages.sort()).toEqual(['better-sqlite3', 'node-addon-api', 'ssm-archive']);
    expect(withScript).toEqual([]);
    expect(installed?.output).toContain('added 3 packages');
    expect(diskBytes).toBeLessThan(MOST_DISK_BYTES);
  });

  test('finds its driver in the same folder', () => {
    const modules = join(installed?.folder ?? '', 'node_modules');
    const { resolve } = createRequire(join(modules, 'ssm-archive', 'dist', 'cli.js'));
    expect(resolve('better-sqlite3').startsWith(join(modules, 'better-sqlite3'))).toBe(true);
  });
});

for (const node of nodes) {
  const { version, missing } = node;
  const isSkipped = !installed || (missing !== undefined && !process.env.CI);
  if (missing !== undefined) console.warn(`Node ${version} can't be tried: ${missing}.`);
  describe.skipIf(isSkipped)(`the installed package on Node ${version}`, () => {
    if (installed) tryOn(node, installed);
  });
}

function tryOn({ version, path, missing }: NodeBinary, own: InstalledPackage): void {
  let trial: InstalledTrial;
  const serverPid = () => trial.server.pid ?? 0;
  beforeAll(async () => {
    if (missing) throw new Error(`There is no Node ${version}: ${missing}.`);
    trial = await startInstalled(own, path);
  });
  afterAll(() => trial?.end());

  test('runs on that Node, without a compiler, make or Python in PATH', async () => {
    const line = 'node --version; for name in g++ gcc c++ cc make python3; do command -v $name || :; done';
    expect(await trial.run(line)).toEqual({ code: 0, printed: `v${version}\n` });
    const driver = join(own.folder, 'node_modules', 'better-sqlite3');
    expect(readFileSync(`/proc/${serverPid()}/maps`, 'utf8')).toContain(driver);
  });

  test('runs with npx from the packed file', async () => {
    const { code, printed } = await trial.run('npx --yes --package "$TARBALL" ssm-archive --version');
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test("has exactly the commands of README's table", async () => {
    const { printed } = await trial.run('ssm-archive --help');
    const [, commands = ''] = printed.split('Commands:\n');
    const names = [...commands.matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
    expect(names.filter((name) => name !== 'help').sort()).toEqual(tableCommands().sort());
  });

  test.each(Object.entries(COMMAND_TRIALS))('%s does what README says', async (_, steps) => {
    for (const [line, code, prints] of steps) {
      const ran = await trial.run(line);
      expect(ran.printed, describeRun(line, ran)).toMatch(prints);
      expect(ran.code, describeRun(line, ran)).toBe(code);
    }
  });

  for (const line of shellCommands().filter((command) => !STARTS.test(command))) {
    const [program = ''] = line.split(' ');
    const needsTool = /^(curl|aws)$/.test(program);
    const isMissing = needsTool && !process.env.CI && !existsSync(join(own.tools, program));
    test.skipIf(isMissing)(`does what README shows${needsTool ? ` (needs ${program})` : ''}: ${line}`, async () => {
      const of = BLOCK_TRIALS.find(({ form }) => form.test(line));
      expect(of, 'BLOCK_TRIALS has no trial for this line').toBeDefined();
      const adapted = adapt(line, trial.url);
      const ran = await trial.run(of?.look ? `${adapted} && ${of.look}` : adapted);
      expect(ran.printed, describeRun(line, ran)).toMatch(of?.prints ?? /$./);
      expect(ran.code, describeRun(line, ran)).toBe(0);
    });
  }

  test('ends a query that needs too much memory or time, with a sentence', async () => {
    const full = await trial.run('ssm-archive sql "SELECT hex(zeroblob(200000000)), hex(zeroblob(200000000))"');
    expect(full.printed).toMatch(/^The query needed more than the 512\.0 MiB .* of memory that a query may use\. Ask/);
    expect(full.code).toBe(1);
    const late = await trial.run(`ssm-archive sql --timeout 1 "${ENDLESS}"`);
    expect(late.printed).toMatch(/^The query took longer than 1s and was ended;/);
    expect(late.code).toBe(1);
  });

  // On the tests' own Node the hostile suite runs all of its queries.
  if (version !== process.versions.node) {
    test('lets no query use more than the allowed memory in addition to what an idle process uses', async () => {
      await askSql(trial.url, 'SELECT 1');
      const atRest = Math.max(...sqlReadersOf(serverPid()).map(peakOf));
      expect(atRest).toBeGreaterThan(0);
      let peak = 0;
      for (const name of WORST) {
        const [, sql = name] = BOMBS.find(([bomb]) => bomb === name) ?? [];
        const asked = askSql(trial.url, sql);
        let isOver = false;
        void asked.finally(() => {
          isOver = true;
        });
        while (!isOver) {
          peak = Math.max(peak, ...sqlReadersOf(serverPid()).map(peakOf));
          await sleep(10);
        }
        expect([400, 422, 504], name).toContain(await asked);
        expect(peak, name).toBeLessThan(atRest + MEMORY_BYTES + MAPPED_BYTES);
      }
      // Otherwise no query came near the limit, and this test would pass even without a limit.
      expect(peak).toBeGreaterThan(atRest + MEMORY_BYTES / 2);
      console.log(
        `Node ${version}: a process of SQL used at most ${inMib(peak)} MiB, and ${inMib(atRest)} MiB while it was idle.`,
      );
    });
  }

  test('ends the server at SIGTERM with exit code 0, and leaves no process behind', async () => {
    const children = childrenOf(serverPid());
    expect(children.length).toBeGreaterThan(1);
    const code = new Promise((resolve) => trial.server.on('exit', resolve));
    trial.server.kill('SIGTERM');
    expect(await code).toBe(0);
    expect(children.filter((pid) => peakOf(pid) > 0)).toEqual([]);
  });
}

/** The status of an answer to SQL. */
async function askSql(url: string, sql: string): Promise<number> {
  const body = JSON.stringify({ sql, timeoutMs: BOMB_TIMEOUT_MS });
  const reply = await fetch(`${url}/v1/sql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await reply.arrayBuffer();
  return reply.status;
}

function inMib(bytes: number): number {
  return Math.round(bytes / MIB);
}

function firstLine(error: unknown): string {
  return String(error).split('\n')[0] ?? '';
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config/read-config.ts';
import { openArchive } from '../src/db/open.ts';
import { noFaults } from '../src/simulator/faults.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
const db = openArchive(join(folder, 'archive.db'));
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** Names in backquotes that begin a row of a table, by the section of the page that they stand in. */
function documentedNames(page: string): Map<string, string[]> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.split('\n')[0]?.trim() ?? '',
      [...section.matchAll(/^\| `(\w+)` \|.*\S.*\|$/gm)].map((match) => match[1] ?? ''),
    ]),
  );
}

describe('docs/schema.md', () => {
  const page = read('docs/schema.md');
  const documented = documentedNames(page);
  const objects = db.sqlite
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'outputs\\_fts%' ESCAPE '\\'",
    )
    .all()
    .map(({ name }) => name);

  test('has a section for each table and view, and for no other', () => {
    expect([...documented.keys()].sort()).toEqual([...objects].sort());
  });

  test.each(objects)('has a sentence for each column of %s, in order, and for no other', (name) => {
    const columns = db.sqlite.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name);
    expect(documented.get(name)).toEqual(columns);
  });

  test('names each index', () => {
    const indexes = db.sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
      .pluck()
      .all();
    for (const index of indexes) expect(page).toContain(`\`${index}\``);
  });
});

test('docs/configuration.md names each variable that is a setting, and each is one', () => {
  const variables = [...read('docs/configuration.md').matchAll(/^\| `(SSM_ARCHIVE_\w+)` \|/gm)].map(
    (match) => match[1] ?? '',
  );
  expect(variables.length).toBeGreaterThan(8);
  const env = Object.fromEntries(variables.map((name) => [name, '']));
  const { warnings } = readConfig({
    env: { ...env, SSM_ARCHIVE_NOT_ONE: '1' },
    cwd: folder,
    faultOfSchedule: () => undefined,
  });
  expect(warnings).toEqual([expect.stringContaining('SSM_ARCHIVE_NOT_ONE')]);
});

test('docs/simulator.md names each fault that can be injected', () => {
  const page = read('docs/simulator.md');
  for (const fault of Object.keys(noFaults())) expect(page).toContain(`\`${fault}\``);
});

test('README.md names each command', () => {
  const commands = readdirSync('src/cli').flatMap((file) =>
    [...read(join('src/cli', file)).matchAll(/\.command\('(\w+)'\)/g)].map((m) => m[1] ?? ''),
  );
  expect(commands.length).toBeGreaterThan(6);
  for (const command of commands) expect(read('README.md')).toContain(`\`${command}\``);
});

test('links between the pages lead somewhere', () => {
  for (const page of [
    'README.md',
    ...readdirSync('docs')
      .filter((f) => f.endsWith('.md'))
      .map((f) => join('docs', f)),
  ]) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readdirSync(join(page, '..', target.replace(/[^/]*$/, ''))), `${page}: ${target}`).not.toThrow();
      if (target.endsWith('.md')) expect(() => read(join(page, '..', target)), `${page}: ${target}`).not.toThrow();
    }
  }
});

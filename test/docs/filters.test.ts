import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FILTER_NAMES, FILTERS } from '../../src/questions/filters.ts';

it.each(FILTER_NAMES)('docs/api.md has a row for the filter %s, with its label and its option', (name) => {
  const { label, option } = FILTERS[name];
  const row = readFileSync('docs/api.md', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row).toContain(`| ${label} | \`${option.flags.split(' ')[0]}\``);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OPEN_FILTERS } from '../../src/archive/values/open-values.ts';
import { FILTER_NAMES, FILTERS } from '../../src/questions/filters.ts';

it.each(FILTER_NAMES)('docs/api.md has a row for the filter %s, with its label and its option', (name) => {
  const { label, option } = FILTERS[name];
  const row = readFileSync('docs/api.md', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row).toContain(`| ${label} | \`${option.flags.split(' ')[0]}\``);
});

it.each(OPEN_FILTERS)('docs/api.md names the filter %s as one that can have any value', (name) => {
  const [, paragraph = ''] = readFileSync('docs/api.md', 'utf8').split('**Where any value is possible**');
  const [sentence = ''] = paragraph.split('`neverSeen`');
  // Accounts and regions have a fixed form, so their filters are not among these.
  expect(sentence).toMatch(new RegExp(`\\b${name}\\b`));
});

import type { Database } from 'better-sqlite3';
import type { Page } from 'playwright-core';

/** A page of the console. What is added here is held to every budget, to WCAG and to the hostile archive, and has its images. */
export interface ConsolePage {
  name: string;
  /** Its address; where that is one thing's, of a thing that the archive has. */
  path: string | ((archive: Database) => string);
  /** What may be sent for it, compressed, in bytes; with how many requests. */
  mostBytes?: number;
  mostRequests?: number;
  /** What is opened on it before it is looked at. */
  open?: (page: Page) => Promise<void>;
  /** What that is: the rest of the page is another's here. */
  opened?: string;
  /** It shows nothing that the archive has. */
  isBare?: true;
  /** Of a page that has its images as another. */
  isVariant?: true;
}

/** Of most pages: the HTML, the stylesheet and the script. */
export const MOST_REQUESTS = 3;
export const MOST_BYTES = 60_000;

export const CONSOLE_PAGES: readonly ConsolePage[] = [
  { name: 'overview', path: '/' },
  { name: 'invocations', path: '/invocations' },
  {
    name: 'invocations-failed',
    path: '/invocations?status=Failed,TimedOut&sort=requestedAt&column=command',
    isBare: true,
    isVariant: true,
  },
  {
    name: 'invocations-refused',
    path: '/invocations?from=yesterday&q=(open&command=none',
    isBare: true,
    isVariant: true,
  },
  { name: 'invocation', path: (archive) => pathOf(archive, 'invocations', INVOCATION) },
  { name: 'command', path: (archive) => pathOf(archive, 'commands', COMMAND) },
  { name: 'node', path: (archive) => pathOf(archive, 'nodes', NODE) },
  { name: 'coverage', path: '/coverage' },
  { name: 'integrity', path: '/integrity' },
  { name: 'collector', path: '/collector' },
  { name: 'display', path: '/display', isBare: true },
  { name: 'not-found', path: '/invocations/1/2/3/4', isBare: true, isVariant: true },
  {
    name: 'overview-display-menu',
    path: '/',
    open: (page) => page.locator('.menu summary').click(),
    opened: '.menu',
    isVariant: true,
  },
  {
    name: 'overview-keys',
    path: '/',
    open: (page) => page.keyboard.press('?'),
    opened: 'dialog',
    isVariant: true,
  },
  {
    name: 'invocations-columns',
    path: '/invocations',
    open: (page) => page.getByText('Columns', { exact: true }).click(),
    opened: '.choose',
    isVariant: true,
  },
];

/** One that changed while it was watched, and printed in colours, where there is one. */
const INVOCATION = `SELECT account_id, region, command_id, instance_id FROM invocations
  ORDER BY changed_at > first_seen_at DESC, document_name = 'AWS-RunAnsiblePlaybook' DESC, requested_at DESC, id LIMIT 1`;
/** One that did not end the same on all of its nodes. */
const COMMAND = `SELECT account_id, region, command_id FROM invocations GROUP BY account_id, region, command_id
  ORDER BY count(DISTINCT status) > 1 DESC, count(*) DESC, command_id LIMIT 1`;
const NODE = `SELECT account_id, region, instance_id FROM invocations GROUP BY account_id, region, instance_id
  ORDER BY count(*) DESC, instance_id LIMIT 1`;

function pathOf(archive: Database, section: string, query: string): string {
  const key = archive.prepare<[], string[]>(query).raw().get() ?? [];
  return `/${[section, ...key].map(encodeURIComponent).join('/')}`;
}

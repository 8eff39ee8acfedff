import type { Page } from 'playwright-core';
import type { ConsolePage } from './console-page.ts';
import {
  pathOfPrinted,
  pathOfSomeCommand,
  pathOfSomeComparison,
  pathOfSomeDocument,
  pathOfSomeInvocation,
  pathOfSomeNode,
  pathOfSomeOutput,
} from './paths-in-archive.ts';
import { SAVED_REPORT } from './saved-report.ts';

/** The budget of a page of SQL: the frame's three files, the stylesheet of SQL, and a script with its imports. */
const OF_REPORT = { mostBytes: 90_000, mostRequests: 6 } as const;
/** The budget of a page of SQL with an editor. */
const OF_SQL = { mostBytes: 250_000, mostRequests: 6, open: (page: Page) => page.locator('.cm-editor').waitFor() };
const MONTH = 'from=2026-03-01&to=2026-04-01';

const pathOfSql = (sql: string, more = '') => `/sql?${new URLSearchParams({ sql })}${more}`;

/** Each page once, and then the variants of pages. */
export const CONSOLE_PAGES: readonly ConsolePage[] = [
  { name: 'overview', path: '/' },
  { name: 'invocations', path: '/invocations' },
  { name: 'invocation', path: pathOfSomeInvocation },
  { name: 'output', path: pathOfSomeOutput },
  { name: 'commands', path: '/commands' },
  { name: 'command', path: pathOfSomeCommand },
  { name: 'nodes', path: '/nodes' },
  { name: 'node', path: pathOfSomeNode },
  { name: 'documents', path: '/documents' },
  { name: 'document', path: pathOfSomeDocument },
  { name: 'compare', path: pathOfSomeComparison },
  {
    name: 'sql',
    path: pathOfSql('SELECT * FROM invocations ORDER BY requested_at DESC, id LIMIT 15'),
    ...OF_SQL,
    // The script adds the choice of a chart above the rows.
    mostShift: 0.02,
  },
  { name: 'reports', path: '/reports', mostRequests: 4 },
  { name: 'report', path: `/reports/what-ran?${MONTH}&limit=100`, ...OF_REPORT },
  { name: 'coverage', path: '/coverage' },
  { name: 'integrity', path: '/integrity' },
  { name: 'collector', path: '/collector' },
  { name: 'pass', path: '/collector/passes/run-1' },
  { name: 'sweeps', path: '/collector/sweeps' },
  { name: 'evidence', path: '/evidence?requestedAfter=2026-03-10&requestedBefore=2026-03-20', isBare: true },
  { name: 'display', path: '/display', isBare: true },
  { name: 'glossary', path: '/glossary', isBare: true },
  ...variants([
    { name: 'overview-of-a-year', path: '/?from=2025-04-01&to=2026-04-01' },
    { name: 'coverage-of-a-year', path: '/coverage?from=2025-04-01&to=2026-04-01' },
    { name: 'coverage-of-years', path: '/coverage?from=2024-01-01' },
    { name: 'coverage-refused', path: '/coverage?from=yesterday', isBare: true },
    {
      name: 'evidence-not-collected',
      path: '/evidence?requestedAfter=2026-02-10&requestedBefore=2026-03-20',
      isBare: true,
    },
    { name: 'overview-of-a-day', path: '/?from=2026-03-29&to=2026-03-30' },
    {
      name: 'overview-display-menu',
      path: '/',
      open: (page) => page.locator('.menu summary').click(),
      opened: '.menu',
    },
    { name: 'overview-keys', path: '/', open: (page) => page.keyboard.press('?'), opened: 'dialog' },
    {
      name: 'invocations-failed',
      path: '/invocations?status=Failed,TimedOut&sort=requestedAt&column=command',
      isBare: true,
    },
    { name: 'invocations-refused', path: '/invocations?requestedAfter=yesterday&q=(open&commandId=none', isBare: true },
    { name: 'invocations-never-seen', path: '/invocations?documentName=AWS-RunShelScript&comment=none', isBare: true },
    { name: 'invocation-printed', path: pathOfPrinted },
    { name: 'output-refused', path: (archive) => `${pathOfSomeOutput(archive)}&line=x`, isBare: true },
    { name: 'nodes-none', path: '/nodes?begin=zebra', isBare: true },
    { name: 'sweeps-refused', path: '/collector/sweeps?outcome=faild&other=1', isBare: true },
    { name: 'invocations-searched', path: '/invocations?q=filesystem+OR+hostile' },
    {
      name: 'invocations-columns',
      path: '/invocations',
      open: (page) => page.getByText('Columns', { exact: true }).click(),
      opened: '.choose',
    },
    { name: 'node-of-a-day', path: (archive) => `${pathOfSomeNode(archive)}?from=2026-03-29&to=2026-03-30` },
    { name: 'document-refused', path: (archive) => `${pathOfSomeDocument(archive)}?from=yesterday` },
    { name: 'compare-what', path: '/compare', isBare: true },
    { name: 'compare-refused', path: '/compare?left=one&right=another', isBare: true },
    { name: 'evidence-of-what', path: '/evidence', isBare: true },
    { name: 'sql-bare', path: '/sql', ...OF_SQL, isBare: true },
    { name: 'sql-refused', path: pathOfSql('SELECT no_such_column\n  FROM invocations'), ...OF_SQL, isBare: true },
    { name: 'sql-plan', path: pathOfSql('SELECT * FROM plugin_runs', '&explain=plan'), ...OF_SQL, isBare: true },
    {
      name: 'sql-chart',
      path: pathOfSql(
        'SELECT instance_id AS node, count(*) AS runs FROM invocations GROUP BY node ORDER BY runs DESC, node LIMIT 12',
        '#chart=bars&x=node&y=runs',
      ),
      ...OF_SQL,
      open: (page) => page.locator('.plot-of-result canvas').waitFor(),
      // The choice of a chart is after the #, so the server does not see the choice. The page moves when the chart
      // appears.
      mostShift: 0.2,
    },
    {
      name: 'sql-save',
      path: `/sql/save?${new URLSearchParams({ sql: 'SELECT :from, count(*) FROM invocations', ':from': '2026-03-01' })}`,
      mostRequests: 4,
      isBare: true,
    },
    { name: 'report-saved', path: `/reports/${SAVED_REPORT.name}?words=any`, ...OF_REPORT },
    { name: 'report-refused', path: '/reports/what-ran?from=yesterday', ...OF_REPORT, isBare: true },
    { name: 'report-delete', path: `/reports/${SAVED_REPORT.name}/delete`, mostRequests: 4, isBare: true },
    { name: 'invocation-not-found', path: '/invocations/1/2/3/4', isBare: true },
    { name: 'not-found', path: '/nothing', isBare: true },
  ]),
];

/** Marks pages as having no images of their own, because the images of other pages show the same. */
function variants(pages: readonly ConsolePage[]): ConsolePage[] {
  return pages.map((page) => ({ ...page, isVariant: true }));
}

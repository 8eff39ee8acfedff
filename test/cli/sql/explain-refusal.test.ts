import { expect, it } from 'vitest';
import { explainRefusal } from '../../../src/cli/sql/explain-refusal.ts';

it('A refusal of the lake by a server says that the lake is missing there, and not on this machine', () => {
  const url = new URL('https://archive.example.com/');
  const message =
    'can only be archive here, because no lake is configured: set SSM_ARCHIVE_LAKE to the folder or bucket of the lake';
  const fault = explainRefusal({
    ...{ status: 400, location: undefined, asked: url, hasToken: true, url, sql: 'SELECT 1', width: 80 },
    problem: { detail: 'Wrong.', errors: [{ field: 'engine', message }], plan: [] },
  });
  expect(fault.message).toBe(`On the server, the engine ${message}.`);
});

import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { conditionsOf, PRESENT } from '../../src/archive/invocations/invocation-filter.ts';
import { invocationSchema, pluginSchema } from '../../src/http/api/history/view-schemas.ts';
import { filterParameters } from '../../src/http/api/parameters/parameters.ts';
import { FILTER_NAMES, FILTERS } from '../../src/questions/filters.ts';
import { readFilters } from '../../src/questions/read-filters.ts';
import { runCli } from '../cli/run-cli.ts';
import { apiTrial } from '../http/api/api-trial.ts';

const api = apiTrial();
const [evidenceHelp, pruneHelp] = await Promise.all(
  ['evidence', 'prune'].map(async (command) => (await runCli(tmpdir(), [command, '--help'])).stdout),
);

describe('every filter of the list', () => {
  it.each(FILTER_NAMES)(
    '%s is a parameter of the API, a field of the console, and an option of the commands evidence and prune',
    async (name) => {
      const { label, option } = FILTERS[name];
      expect(Object.keys(filterParameters)).toContain(name);
      for (const path of ['/invocations', '/evidence']) {
        const html = await (await api.app.request(path)).text();
        expect(html).toContain(`name="${name}"`);
        expect(html).toContain(`${label}<input`);
      }
      const [flag = ''] = option.flags.split(' ');
      expect(evidenceHelp).toContain(flag);
      expect(pruneHelp).toContain(name === 'requestedBefore' ? '--before' : flag);
    },
  );

  it.each(FILTER_NAMES)('%s adds a condition to the search', (name) => {
    const { filter } = readFilters({ [name]: FILTERS[name].example }, { now: new Date() });
    expect([...conditionsOf(filter, PRESENT)]).toHaveLength(1);
  });
});

describe('the member that a filter looks at', () => {
  it.each(FILTER_NAMES.filter((name) => FILTERS[name].member !== undefined))(
    'is in the API’s answers, in the invocation or in its steps, for the filter %s',
    (name) => {
      const { member = '', of } = FILTERS[name];
      expect(Object.keys((of === 'step' ? pluginSchema : invocationSchema).shape)).toContain(member);
    },
  );
});

describe('a member of a question that is not a filter', () => {
  it('is refused, because the question would find too much without it', () => {
    const filter = { account: '111122223333', accountId: '111122223333' };
    expect(() => conditionsOf(filter, PRESENT)).toThrow('There is no filter accountId.');
  });
});

describe('a console address with the former names of filters', () => {
  it('redirects to the same question with the present names', async () => {
    const old =
      '/invocations?document=a%26b&instance=i-1&name=web&command=c-1&from=2026-03-01&to=2026-04-01&status=Failed&sort=requestedAt';
    const reply = await api.app.request(old);
    expect([reply.status, reply.headers.get('location')]).toEqual([
      301,
      '/invocations?documentName=a%26b&instanceId=i-1&instanceName=web&commandId=c-1&requestedAfter=2026-03-01&requestedBefore=2026-04-01&status=Failed&sort=requestedAt',
    ]);
  });
});

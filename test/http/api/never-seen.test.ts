import { describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
await api.record([
  {
    CommandId: '11111111-2222-4333-8444-555555555555',
    InstanceId: 'i-0123456789abcdef0',
    Comment: 'CHG1',
    InstanceName: 'web-1',
  },
  { CommandId: 'c-2', InstanceId: 'i-2', Status: 'Evaporated', StatusDetails: 'IntoThinAir' },
]);

const fault = async (query: string) => faultsOf(await api.problem(`/v1/invocations?${query}`, 400));

describe('a value that a filter with a fixed vocabulary cannot have', () => {
  it.each([
    ['status=Faild', 'status', 'must be a Status or StatusDetails of AWS, not "Faild". Did you mean "Failed"?'],
    ['status=Success,Sucess', 'status', 'not "Sucess". Did you mean "Success"?'],
    ['status=succeeded', 'status', 'Did you mean "Success"?'],
    ['status=Evaporatd', 'status', 'Did you mean "Evaporated"?'],
    [
      'account=12345678901',
      'account',
      'must be the 12 digits of an AWS account, not "12345678901". Did you mean "012345678901"?',
    ],
    ['region=eu-west', 'region', 'must be an AWS region such as eu-west-1, not "eu-west". Did you mean "eu-west-1"?'],
    ['requestedAfter=last+week', 'requestedAfter', 'must be a date such as 2026-03-01'],
    ['requestedAfter=2026-03-02&requestedBefore=2026-03-01', 'requestedBefore', 'must be later than requestedAfter'],
    ['documentNaem=x', 'documentNaem', 'Did you mean "documentName"?'],
  ])('gets an error that says what was expected and proposes similar values: %s', async (query, field, sentence) => {
    const wrong = await fault(query);
    expect(Object.keys(wrong)).toEqual([field]);
    expect(wrong[field]).toContain(sentence);
    for (const path of ['/v1/stats?groupBy=day&', '/v1/evidence?requestedAfter=2026-03-01&requestedBefore=2026-04-01&'])
      if (!query.includes('requested')) expect((await api.ask(`${path}${query}`)).status).toBe(400);
  });
});

describe('a status', () => {
  it.each(['evaporated', 'EVAPORATED', 'into thin air', 'Into Thin Air', 'IntoThinAir'])(
    'is matched regardless of case and blanks, even if AWS does not define it and only the archive has it: %s',
    async (status) => {
      expect((await api.list(`/v1/invocations?status=${encodeURIComponent(status)}`)).items).toHaveLength(1);
    },
  );

  it.each(['success', 'SUCCESS', 'Delivery Timed Out', 'execution timed out', 'Canceled'])(
    'is understood in the ways in which people write it: %s',
    async (status) => {
      expect((await api.ask(`/v1/invocations?status=${encodeURIComponent(status)}`)).status).toBe(200);
    },
  );
});

describe('a value of an open vocabulary that the archive has never seen', () => {
  it.each([
    ['documentName=AWS-RunShelScript', 'documentName', ['AWS-RunShellScript']],
    ['documentName=aws-runshellscript', 'documentName', ['AWS-RunShellScript']],
    ['instanceId=i-0123456789abcdef1', 'instanceId', ['i-0123456789abcdef0']],
    ['instanceName=wbe-1', 'instanceName', ['web-1']],
    ['commandId=11111111', 'commandId', ['11111111-2222-4333-8444-555555555555']],
    ['comment=chg1', 'comment', ['CHG1']],
    ['account=999999999999', 'account', []],
    ['region=eu-west-2', 'region', ['eu-west-1']],
    ['sender=arn:aws:iam::111122223333:user/jane', 'sender', []],
    ['pluginName=runShelScript', 'pluginName', ['runShellScript']],
  ])(
    'gives an empty list, and the answer names the value, similar values and the coverage of the span: %s',
    async (query, filter, near) => {
      const [, value] = query.split('=');
      const span = 'requestedAfter=2026-02-01&requestedBefore=2026-02-02';
      const reply = await api.json(`/v1/invocations?${query}&${span}`);
      expect(reply).toMatchObject({
        items: [],
        neverSeen: [{ filter, value, near: expect.arrayContaining(near) }],
        coverage: { state: 'notCollected', from: '2026-02-01T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z' },
      });
      expect(await api.json(`/v1/stats?groupBy=day&${query}`)).toMatchObject({ items: [], neverSeen: [{ filter }] });
      for (const format of ['csv', 'ndjson'])
        expect(
          (await api.ask(`/v1/invocations?${query}&format=${format}`)).headers.get('x-ssm-archive-never-seen'),
        ).toBe(filter);
    },
  );

  it.each(['commands', 'instances', 'documents', 'sweeps', 'coverage'])(
    'is named in the answer to a request for the list of %s',
    async (list) => {
      expect(await api.json(`/v1/${list}?account=999999999999`)).toMatchObject({
        items: [],
        neverSeen: [{ filter: 'account', value: '999999999999' }],
      });
    },
  );
});

describe('an empty answer', () => {
  it('names no value as never seen if the archive has the value and the answer is empty for another reason', async () => {
    const reply = await api.json('/v1/invocations?documentName=AWS-RunShellScript&requestedBefore=2020-01-01');
    expect(reply).toMatchObject({ items: [], neverSeen: [], coverage: { state: 'notCollected' } });
    const some = await api.json('/v1/invocations?documentName=AWS-RunShellScript');
    expect(Object.keys(some).sort()).toEqual(['items']);
    const download = await api.ask('/v1/invocations?documentName=AWS-RunShellScript&format=csv');
    expect(download.headers.get('x-ssm-archive-never-seen')).toBeNull();
  });

  it('has no coverage for a past moment, because the coverage at that moment is not known', async () => {
    const reply = await api.json('/v1/invocations?asOf=2020-01-01&documentName=AWS-RunShellScript');
    expect(Object.keys(reply).sort()).toEqual(['items', 'neverSeen']);
  });

  it('has coverage even if every value is known: a future span counts as not collected, and has no end', async () => {
    const reply = await api.json('/v1/invocations?requestedAfter=2027-11-01');
    expect(reply).toMatchObject({
      items: [],
      coverage: { state: 'notCollected', from: '2027-11-01T00:00:00.000Z', to: null, gaps: [] },
    });
  });
});

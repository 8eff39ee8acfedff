import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOf } from './console-trial.ts';

// What a step says of itself is the same on each surface: lists, pages, statistics, SQL and the AWS endpoint.

const trial = apiTrial();
const MENTIONED = 'log of a script that looks for ---Output truncated--- in files\nand goes on\n';
const CUT = `${'x'.repeat(2477)}\n---Output truncated---`;
await trial.record(
  Object.entries({ mentioned: MENTIONED, cut: CUT }).map(([CommandId, Output]) => ({
    CommandId,
    CommandPlugins: [rawPlugin({ Output })],
  })),
);
const at = (command: string) => `/invocations/${SOURCE.accountId}/${SOURCE.region}/${command}/i-0123456789abcdef0`;
const stepOf = async (command: string) => (await trial.json(`/v1${at(command)}`)).plugins;

describe('an output', () => {
  it('that the agent cut is said to be cut, and one that mentions the mark of the agent is not', async () => {
    expect(await stepOf('mentioned')).toMatchObject([{ isOutputTruncated: false, output: MENTIONED }]);
    expect(await stepOf('cut')).toMatchObject([{ isOutputTruncated: true, output: CUT }]);
    expect(textOf(await page(trial, at('mentioned')))).not.toContain('The agent cut it');
    expect(textOf(await page(trial, at('cut')))).toContain('The agent cut it at 2,500 bytes');
    const sql = 'SELECT command_id, is_output_truncated FROM plugin_runs ORDER BY 1';
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sql }) };
    expect((await trial.json('/v1/sql', body)).rows).toEqual([
      ['cut', 1],
      ['mentioned', 0],
    ]);
  });
});

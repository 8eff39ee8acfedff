import { z } from 'zod';
import { proposalOf } from '../lib/words/near-names.ts';
import { DEFAULT_OUTPUT_BYTES, PROVENANCES } from '../model/outputs/full-output.ts';
import { readStatus } from '../questions/read-status.ts';
import type { FullOutputsConfig } from './config.ts';
import { wholeNumber } from './settings.ts';

const DEFAULT_CALLS = 100;

/** A name, or its beginning with `*`. A `*` alone would let every command choose what is read. */
const names = (form: RegExp, what: string) =>
  z
    .array(z.string().regex(form, `must be the name of ${what}, or its beginning with * at the end`))
    .min(1, 'must not be empty');

const status = z.string().transform((text, context) => {
  const read = readStatus(text);
  if ('value' in read) return read.value;
  context.addIssue(`must be a Status or StatusDetails of AWS, not "${text}".${proposalOf(read.near)}`);
  return z.NEVER;
});

/** `fullOutputs` of archive.yaml: which outputs are fetched in full, and from where. */
export const fullOutputsForm = z
  .strictObject({
    from: z
      .array(z.enum(PROVENANCES, `must be ${PROVENANCES.join(', ')}`))
      .min(1, 'must name a place')
      .transform((from) => PROVENANCES.filter((one) => from.includes(one))),
    accounts: z
      .array(z.string().regex(/^\d{12}$/, 'must be 12 digits'))
      .min(1, 'must not be empty')
      .optional(),
    documents: names(/^[\w.:/-]+\*?$/, 'a document').optional(),
    statuses: z.array(status).min(1, 'must not be empty').optional(),
    buckets: names(/^[a-z0-9][a-z0-9.-]*\*?$/, 'a bucket').optional(),
    logGroups: names(/^[\w./#-]+\*?$/, 'a log group').optional(),
    callsAPass: wholeNumber(1, 100_000).optional(),
  })
  .superRefine(({ from, buckets, logGroups }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (from.includes('s3') && !buckets) fault('buckets', 'is needed for s3: only the buckets that it names are read');
    if (from.includes('logs') && !logGroups)
      fault('logGroups', 'is needed for logs: only the log groups that it names are read');
    if (buckets && !from.includes('s3')) fault('buckets', 'has no effect without s3 in from');
    if (logGroups && !from.includes('logs')) fault('logGroups', 'has no effect without logs in from');
  });

/** Returns the setting with its defaults. */
export function fullOutputsOf(
  { buckets = [], logGroups = [], callsAPass = DEFAULT_CALLS, from, ...selected }: z.output<typeof fullOutputsForm>,
  maxBytes = DEFAULT_OUTPUT_BYTES,
): FullOutputsConfig {
  const { accounts, documents, statuses } = selected;
  return {
    ...{ from, buckets, logGroups, callsAPass, maxBytes },
    ...(accounts && { accounts }),
    ...(documents && { documents }),
    ...(statuses && { statuses }),
  };
}

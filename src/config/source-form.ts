import { z } from 'zod';
import { accountOfSource, sayTwice } from '../model/account-of-source.ts';
import type { RefusedSource, SourceConfig } from './config.ts';
import type { ConfigFault } from './config-invalid.ts';

export const REGION = /^[a-z]{2,5}(-[a-z]+)+-\d+$/;

export const regionName = z.string().regex(REGION, 'must be the name of an AWS region, such as eu-west-1');

/** An entry of `sources` in archive.yaml. */
export const sourceForm = z.strictObject({
  alias: z.string('is needed: a name for the source').min(1, 'must not be empty'),
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits')
    .optional(),
  roleArn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/,
      'must be the ARN of a role, such as arn:aws:iam::111122223333:role/ssm-archive',
    )
    .optional(),
  externalId: z.string().min(2, 'must have 2 to 1,224 characters').max(1224).optional(),
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must have 2 to 64 letters, digits or any of _+=,.@-')
    .optional(),
  regions: z.array(regionName).min(1, 'must name at least one region').optional(),
});

export function sourceOf(source: z.output<typeof sourceForm>, regions: string[]): SourceConfig {
  const { alias, accountId, roleArn, externalId, sessionName } = source;
  return {
    alias,
    ...(accountId !== undefined && { accountId }),
    ...(roleArn !== undefined && { roleArn }),
    ...(externalId !== undefined && { externalId }),
    ...(sessionName !== undefined && { sessionName }),
    regions: [...new Set(source.regions ?? regions)],
  };
}

export function repeatedAliases(sources: SourceConfig[]): ConfigFault[] {
  const seen = new Set<string>();
  return sources.flatMap(({ alias }, i) => {
    if (!seen.has(alias)) {
      seen.add(alias);
      return [];
    }
    return [
      {
        key: `sources[${i}].alias`,
        problem: `"${alias}" is already the alias of an earlier source; each source needs its own alias`,
      },
    ];
  });
}

/**
 * Removes from sources the accounts and regions that an earlier source collects, as far as accountIds and ARNs show
 * that, so that they are not collected twice. Everything else is still collected. Other duplicates are found when the
 * service first answers.
 */
export function refuseRepeated(sources: readonly SourceConfig[]): {
  sources: SourceConfig[];
  refused: RefusedSource[];
} {
  const refused: RefusedSource[] = [];
  const kept: SourceConfig[] = [];
  const owners = new Map<string, string>();
  for (const source of sources) {
    const accountId = accountOfSource(source);
    const all = source.regions.length > 0 ? source.regions : [undefined];
    const own = all.filter((region) => {
      const place = `${accountId} ${region ?? ''}`;
      const earlier = accountId === undefined ? undefined : owners.get(place);
      if (accountId !== undefined && earlier !== undefined && earlier !== source.alias) {
        refused.push({
          ...{ alias: source.alias, region },
          sentence: sayTwice({ alias: source.alias, earlier, accountId, region }),
        });
        return false;
      }
      owners.set(place, source.alias);
      return true;
    });
    if (own.length > 0) kept.push({ ...source, regions: own.filter((region) => region !== undefined) });
  }
  return { sources: kept, refused };
}

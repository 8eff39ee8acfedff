import { z } from 'zod';
import type { SourceConfig } from './config.ts';
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
  regions: z.array(regionName).min(1, 'must name a region').optional(),
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
    return [{ key: `sources[${i}].alias`, problem: `"${alias}" is taken by an earlier source; each needs its own` }];
  });
}

/** The account that a source says it is: by its own word, or by its role's ARN. */
export function accountOfSource({ accountId, roleArn }: SourceConfig): string | undefined {
  return accountId ?? roleArn?.split(':')[4];
}

/** Sources that say to be the same account and have a region in common: one of them would be collected twice. */
export function repeatedPlaces(sources: SourceConfig[]): ConfigFault[] {
  return sources.flatMap((source, i) => {
    const account = accountOfSource(source);
    if (account === undefined) return [];
    return sources.slice(0, i).flatMap((earlier) => {
      if (accountOfSource(earlier) !== account || earlier.alias === source.alias) return [];
      const common = source.regions.filter((region) => earlier.regions.includes(region));
      const areBothDefault = source.regions.length === 0 && earlier.regions.length === 0;
      if (common.length === 0 && !areBothDefault) return [];
      const where = areBothDefault ? "the SDK's own region" : common.join(', ');
      const problem = `"${source.alias}" is the same as "${earlier.alias}": both are account ${account} in ${where}; take it out of one of them`;
      return [{ key: `sources[${i}]`, problem }];
    });
  });
}

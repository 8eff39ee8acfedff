import { canonicalJson } from '../../lib/json/canonical-json.ts';
import type { OutputDenied } from '../../upstream/outputs/output-errors.ts';

/** Returns one warning for all refusals of a pass, with the policy that would grant what was refused; none without. */
export function sayDenied(denied: readonly OutputDenied[]): string[] {
  const [first] = denied;
  if (!first) return [];
  const byActions = new Map<string, Set<string>>();
  for (const { actions, resources } of denied) {
    const key = actions.join(' ');
    byActions.set(key, new Set([...(byActions.get(key) ?? []), ...resources]));
  }
  const statements = [...byActions].map(([actions, resources]) => ({
    Effect: 'Allow',
    Action: actions.split(' '),
    Resource: [...resources].sort(),
  }));
  const policy = canonicalJson({ Version: '2012-10-17', Statement: statements });
  return [
    `Some full outputs are not fetched, since the source may not read them. The service says: ${first.message.replace(/[^.!?]$/, '$&.')} Grant ${policy}, or take the place out of fullOutputs.`,
  ];
}

import { proposalOf } from '../../lib/words/near-names.ts';
import { ACCOUNT, REGION } from '../../model/place-forms.ts';
import type { ParameterFilter } from '../filter-groups.ts';
import { readStatus } from '../read-status.ts';

/**
 * Returns the value of a report's parameter that takes a filter's values, or what is wrong with it: if the possible
 * values of the filter are known, it must be one of them. The empty text means no filter. `statuses` returns the
 * archive's statuses in addition to AWS's. Without it, a status that AWS does not list is accepted.
 */
export function filterValue(
  filter: ParameterFilter,
  text: string,
  statuses: (() => Iterable<string>) | undefined,
): { value: string } | { fault: string } {
  if (text === '') return { value: text };
  if (filter === 'account' || filter === 'region') {
    const { form, expected } = filter === 'account' ? ACCOUNT : REGION;
    return form.test(text) ? { value: text } : { fault: `must be ${expected}, not ${JSON.stringify(text)}` };
  }
  if (filter !== 'status') return { value: text };
  const listed = readStatus(text);
  if ('value' in listed) return listed;
  if (statuses === undefined) return { value: text };
  const status = readStatus(text, statuses());
  if ('value' in status) return status;
  const near = proposalOf(status.near);
  return { fault: `must be a Status or StatusDetails of AWS, not ${JSON.stringify(text)}${near && `.${near}`}` };
}

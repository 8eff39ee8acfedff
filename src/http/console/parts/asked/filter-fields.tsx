import { visibleText } from '../../../../lib/visible-text.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../../../questions/filters.ts';
import type { View } from '../read-view.ts';

/** Those whose form is not plain show an example. */
const WITH_EXAMPLE: readonly FilterName[] = [
  'requestedAfter',
  'requestedBefore',
  'changedAfter',
  'status',
  'responseCode',
  'q',
];
/** Their values are too many to be sent with the page: they are looked up while one types. */
const SUGGESTED: readonly FilterName[] = ['instanceId', 'instanceName', 'documentName'];

/** A field for each filter, by THE list of them; `known` has values to propose. */
export function FilterFields({
  view,
  known = {},
}: {
  view: View;
  known?: Partial<Record<FilterName, readonly string[]>>;
}) {
  return (
    <>
      {FILTER_NAMES.map((name) => {
        const { label, example } = FILTERS[name];
        const fault = view.faults.find(({ parameter }) => parameter === name)?.message;
        const list = known[name];
        return (
          <label>
            {label}
            <input
              // Where `/` leads from other pages.
              id={name === 'q' ? 'q' : undefined}
              name={name}
              type={name === 'q' ? 'search' : 'text'}
              value={view.typed[name] ?? ''}
              placeholder={WITH_EXAMPLE.includes(name) ? example : undefined}
              list={list || SUGGESTED.includes(name) ? `known-${name}` : undefined}
              aria-invalid={fault === undefined ? undefined : 'true'}
              aria-describedby={fault === undefined ? undefined : `fault-${name}`}
              data-suggest={SUGGESTED.includes(name) ? name : undefined}
              data-search={name === 'q' ? true : undefined}
              autocomplete="off"
              spellcheck={false}
            />
            {fault !== undefined && (
              <span class="fault" id={`fault-${name}`}>
                {visibleText(fault)}
              </span>
            )}
            {(list || SUGGESTED.includes(name)) && (
              <datalist id={`known-${name}`}>
                {list?.map((value) => (
                  <option value={value} />
                ))}
              </datalist>
            )}
          </label>
        );
      })}
    </>
  );
}

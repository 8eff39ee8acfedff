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

/** Filters that are seldom needed: they stand behind the others, to save room. */
const RARE: readonly FilterName[] = ['changedAfter', 'comment', 'pluginName', 'responseCode'];

interface FilterFieldsContent {
  view: View;
  /** Values to propose. */
  known?: Partial<Record<FilterName, readonly string[]>>;
}

/** A field for each filter that is asked for often, by THE list of them; MoreFilters has the others. */
export function FilterFields({ view, known = {} }: FilterFieldsContent) {
  return (
    <>
      {FILTER_NAMES.filter((name) => !RARE.includes(name)).map((name) => (
        <Field name={name} view={view} known={known} />
      ))}
    </>
  );
}

/** The others, which are shown where one of them is asked for. */
export function MoreFilters({ view }: Pick<FilterFieldsContent, 'view'>) {
  const isOpen = RARE.some((name) => view.typed[name] !== undefined || faultOf(view, name) !== undefined);
  return (
    <details class="choose more" open={isOpen}>
      <summary>More filters</summary>
      <div>
        {RARE.map((name) => (
          <Field name={name} view={view} />
        ))}
      </div>
    </details>
  );
}

function faultOf(view: View, name: FilterName): string | undefined {
  return view.faults.find(({ parameter }) => parameter === name)?.message;
}

function Field({ name, view, known = {} }: FilterFieldsContent & { name: FilterName }) {
  const { label, example } = FILTERS[name];
  const fault = faultOf(view, name);
  const list = known[name];
  const hasList = list !== undefined || SUGGESTED.includes(name);
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
        list={hasList ? `known-${name}` : undefined}
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
      {hasList && (
        <datalist id={`known-${name}`}>
          {list?.map((value) => (
            <option value={value} />
          ))}
        </datalist>
      )}
    </label>
  );
}

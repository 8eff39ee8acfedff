import { visibleText } from '../../../../lib/text/visible-text.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../../../questions/filters.ts';
import type { View } from './read-view.ts';

/** Filters that are rarely needed. They are in a folded section, to save space. */
const RARE = FILTER_NAMES.filter((name) => FILTERS[name].field?.isRare);
const USUAL = FILTER_NAMES.filter((name) => !RARE.includes(name));

interface FilterFieldsContent {
  view: View;
  /** Values to suggest. */
  known?: Partial<Record<FilterName, readonly string[]>>;
}

/** A field for each filter that is often used. MoreFilters has the fields of all other filters. */
export function FilterFields({ view, known = {} }: FilterFieldsContent) {
  return (
    <>
      {USUAL.map((name) => (
        <Field name={name} view={view} known={known} />
      ))}
    </>
  );
}

/** The rarely used filters, in a section that is open if one of them is used. */
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
  const { label, example, field } = FILTERS[name];
  const fault = faultOf(view, name);
  const list = known[name];
  const hasList = list !== undefined || field?.isSuggested;
  return (
    <label>
      {label}
      <input
        // On other pages, the key `/` opens this field.
        id={name === 'q' ? 'q' : undefined}
        name={name}
        type={name === 'q' ? 'search' : 'text'}
        value={view.typed[name] ?? ''}
        placeholder={field?.hasHint ? example : undefined}
        list={hasList ? `known-${name}` : undefined}
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={fault === undefined ? undefined : `fault-${name}`}
        data-suggest={field?.isSuggested ? name : undefined}
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

import type { Child } from 'hono/jsx';
import type { FilterName } from '../../../../questions/filters.ts';
import { isNamed, pathOfView } from './read-view.ts';

interface ViewLinkContent {
  /** The filters of the view. A value is null or blank if the row does not have one. */
  of: Partial<Record<FilterName, string | null>>;
  class?: string;
  title?: string | undefined;
  label?: string;
  children: Child;
}

/**
 * A link to the invocations of a row or a count. If a value is missing, there is only the text without a link: no
 * address can ask for a missing value, and an address without the filter would show everything.
 */
export function ViewLink({ of, class: kind, title, label, children }: ViewLinkContent) {
  const typed: Partial<Record<FilterName, string>> = {};
  let isAskable = true;
  for (const [name, value] of Object.entries(of)) {
    if (isNamed(value)) Object.assign(typed, { [name]: value });
    else isAskable = false;
  }
  if (!isAskable)
    return (
      <span class={kind} title={title}>
        {children}
      </span>
    );
  return (
    <a class={kind} href={pathOfView(typed)} title={title} aria-label={label}>
      {children}
    </a>
  );
}

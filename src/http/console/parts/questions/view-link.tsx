import type { Child } from 'hono/jsx';
import type { FilterName } from '../../../../questions/filters.ts';
import { isNamed, pathOfView } from './read-view.ts';

interface ViewLinkContent {
  /** The values that the invocations of the view have; null or a blank text if a row has no such value. */
  of: Partial<Record<FilterName, string | null>>;
  class?: string;
  title?: string | undefined;
  label?: string;
  children: Child;
}

/**
 * A link to the invocations that a row or a count is about. If a value is missing, no address can ask for it, and an
 * address without the filter would show everything: so the text gets no link.
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

const PLACES: Readonly<Record<string, string>> = { o: '/', i: '/invocations', s: '/sql', c: '/coverage' };
const TYPED_INTO = 'input, textarea, select, [contenteditable], .cm-editor';
/** After `g`, the second key must come within this time. */
const SECOND_KEY_MS = 1500;

/**
 * Handles single keys. They do nothing if they are turned off, or while somebody types into a field. Their list is in
 * frame/keys-help.tsx, on the server.
 */
export function followKeys(): void {
  if (document.documentElement.dataset.keys === 'off') return;
  let isGoing = false;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!(event.target instanceof Element) || event.target.closest(TYPED_INTO)) return;
    if (document.querySelector('dialog[open]')) return;
    const place = isGoing ? PLACES[event.key] : undefined;
    isGoing = false;
    if (place !== undefined) location.assign(place);
    else if (event.key === 'g') {
      isGoing = true;
      setTimeout(() => {
        isGoing = false;
      }, SECOND_KEY_MS);
      return;
    } else if (event.key === '/') toSearch();
    else if (event.key === 'j') toRow(1);
    else if (event.key === 'k') toRow(-1);
    else if (event.key === 'n') document.querySelector<HTMLAnchorElement>('a[rel=next]')?.click();
    else if (event.key === '?') document.querySelector<HTMLDialogElement>('dialog#keys')?.showModal();
    else return;
    event.preventDefault();
  });
}

/** Goes to the page's own search field, or to the search field of the page of invocations. */
function toSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (field) {
    field.focus();
    field.select();
  } else location.assign('/invocations#q');
}

/** Moves the browser's focus to the link of the next or the previous row; Enter opens the link. */
function toRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-rows] tbody tr')].flatMap(
    // Links of statuses lead to the glossary, not to the page that the row is about.
    (row) => row.querySelector<HTMLAnchorElement>('a:not([href^="/glossary#"])') ?? [],
  );
  const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}

/** All servers and proxies accept addresses of about 8 KiB, but many refuse longer ones. */
const MOST_CHARACTERS = 8000;

/** The address for the question in the form; undefined if the question is too long for an address. */
export function pathOfForm(form: HTMLFormElement, isPlan: boolean): string | undefined {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') query.append(name, value);
  if (isPlan) query.set('explain', 'plan');
  const path = `/sql?${query}`;
  return path.length > MOST_CHARACTERS ? undefined : path;
}

/** Adds a button that copies the address for the question in the form and its chart. */
export function offerLink(place: Element, form: HTMLFormElement, say: (sentence: string) => void): void {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Copy link' });
  place.append(button);
  button.addEventListener('click', async () => {
    const path = pathOfForm(form, false);
    if (path === undefined) return say('This question is too long for a link. Save it as a report instead.');
    const link = location.origin + path + location.hash;
    try {
      await navigator.clipboard.writeText(link);
      say('The link was copied.');
    } catch {
      // Only pages over https or from this machine may write to the clipboard.
      prompt('The link:', link);
    }
  });
}

const PAUSE_MS = 150;

/**
 * Suggests values for fields that have too many values to send with the page: asks the archive for those that begin
 * with the typed text.
 */
export function suggestValues(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('input[data-suggest]')) suggest(field);
}

function suggest(field: HTMLInputElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ field: field.dataset.suggest ?? '', begin: field.value });
    try {
      const reply = await fetch(`/suggestions?${query}`, { signal: asking.signal });
      if (!reply.ok) return;
      const values: { values: string[] } = await reply.json();
      field.list?.replaceChildren(
        ...values.values.map((value) => Object.assign(document.createElement('option'), { value })),
      );
    } catch {
      // A newer request replaced this one, or the server can't be reached. Nothing is shown here: if the server can't
      // be reached, people find out when they send the form.
    }
  };
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener('focus', ask, { once: true });
}

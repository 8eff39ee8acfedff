/** Offers the browser's own time zone, which the server can't know. */
export function offerOwnZone(): void {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-own-zone]')) {
    const isOffered = [...document.querySelectorAll<HTMLButtonElement>('button[name=zone]')].some(
      (other) => other !== button && other.value === timeZone,
    );
    if (isOffered) continue;
    button.value = timeZone;
    button.textContent = `${timeZone} (this browser)`;
    button.hidden = false;
  }
}

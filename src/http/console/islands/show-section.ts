/**
 * In a narrow window, the links to the sections are one line that scrolls sideways. This function scrolls to the link
 * of the open section.
 */
export function showSection(): void {
  const sections = document.querySelector<HTMLElement>('.sections');
  const current = sections?.querySelector<HTMLElement>('[aria-current]');
  if (!sections || !current) return;
  const { left, width } = current.getBoundingClientRect();
  const frame = sections.getBoundingClientRect();
  sections.scrollLeft += left + width / 2 - (frame.left + frame.width / 2);
}

/** Lets people find text in an output, and copy it as it was sent. */
export function addOutputTools(): void {
  for (const tools of document.querySelectorAll<HTMLElement>('.printed')) {
    const output = tools.querySelector<HTMLElement>('.output');
    const find = tools.querySelector<HTMLElement>('[data-find]');
    const copy = tools.querySelector<HTMLButtonElement>('[data-copy]');
    if (output && find && 'highlights' in CSS) addFind(find, output);
    if (copy && navigator.clipboard) addCopy(copy);
  }
}

const found = new Map<HTMLElement, Range[]>();

function addFind(find: HTMLElement, output: HTMLElement): void {
  const field = find.querySelector('input');
  const told = find.querySelector('output');
  if (!field || !told) return;
  find.hidden = false;
  let at = 0;
  const show = () => {
    const ranges = field.value === '' ? [] : rangesOf(output, field.value);
    found.set(output, ranges);
    CSS.highlights.set('found', new Highlight(...[...found.values()].flat()));
    const current = ranges[at];
    CSS.highlights.set('current', current ? new Highlight(current) : new Highlight());
    told.textContent = field.value === '' ? '' : ranges.length === 0 ? 'not in it' : `${at + 1} of ${ranges.length}`;
    if (!current) return;
    const [box, frame] = [current.getBoundingClientRect(), output.getBoundingClientRect()];
    if (box.top < frame.top || box.bottom > frame.bottom) output.scrollTop += box.top - frame.top - frame.height / 2;
  };
  field.addEventListener('input', () => {
    at = 0;
    show();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const count = found.get(output)?.length ?? 0;
    at = count === 0 ? 0 : (at + (event.shiftKey ? count - 1 : 1)) % count;
    show();
  });
}

/** Finds the places where an element shows a text, ignoring case. A match may span several DOM nodes. */
function rangesOf(element: HTMLElement, text: string): Range[] {
  const nodes: { node: Text; from: number }[] = [];
  let whole = '';
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    nodes.push({ node, from: whole.length });
    whole += node.data;
  }
  // Some texts have another length in lower case, and matches in them would be marked in wrong places. So for such
  // texts case is not ignored.
  const lower = whole.toLowerCase();
  const [text1, text2] = lower.length === whole.length ? [lower, text.toLowerCase()] : [whole, text];
  const place = (range: Range, offset: number, isEnd: boolean) => {
    const holder = nodes.findLast(({ from }) => (isEnd ? from < offset : from <= offset));
    if (!holder) return;
    if (isEnd) range.setEnd(holder.node, offset - holder.from);
    else range.setStart(holder.node, offset - holder.from);
  };
  const ranges: Range[] = [];
  for (let start = text1.indexOf(text2); start >= 0; start = text1.indexOf(text2, start + text2.length)) {
    const range = new Range();
    place(range, start, false);
    place(range, start + text2.length, true);
    ranges.push(range);
  }
  return ranges;
}

const TOLD_MS = 2000;

function addCopy(button: HTMLButtonElement): void {
  button.hidden = false;
  const name = button.textContent;
  button.addEventListener('click', async () => {
    try {
      const reply = await fetch(button.dataset.copy ?? '');
      if (!reply.ok) throw new Error(String(reply.status));
      await navigator.clipboard.writeText(await reply.text());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not copied. Use the link “Raw”';
    }
    setTimeout(() => {
      button.textContent = name;
    }, TOLD_MS);
  });
}

// The script of the SQL page. It may run before the page is complete: the server sends the last part only when the
// query has ended.
import { offerChart } from './chart/offer-chart.ts';
import { openWorkbench } from './sql/workbench.tsx';

/** The elements after the form. As soon as one of them exists, the form is complete. */
const BEHIND = 'main > .waiting, main > #result';

function begin(): boolean {
  const form = document.querySelector<HTMLFormElement>('form#ask');
  const schema = document.querySelector('[data-schema]');
  if (!form || !schema || !document.querySelector(BEHIND)) return false;
  openWorkbench(form, schema);
  return true;
}

if (!begin()) {
  const seen = new MutationObserver(() => {
    if (begin()) seen.disconnect();
  });
  seen.observe(document, { childList: true, subtree: true });
}
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', offerChart);
else offerChart();

// The script of the page of SQL. It may run before the page has ended: the server sends the end once the query has.
import { offerChart } from './chart/offer-chart.ts';
import { openWorkbench } from './sql/workbench.tsx';

/** What stands behind the form: once it is there, the form is whole. */
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

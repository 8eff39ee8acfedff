// The script of a report's page.
import { offerChart } from './chart/offer-chart.ts';

// Where a link of another site led here, its chart is that of what "Run" brings.
const form = document.querySelector<HTMLFormElement>('form.report');
if (form && document.querySelector('[data-not-run]')) form.action += location.hash;

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', offerChart);
else offerChart();

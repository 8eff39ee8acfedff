// The script of a report's page.
import { offerChart } from './chart/offer-chart.ts';

// If a link on another site led here, there is a result only after "Run", and the chart is made from that result.
const form = document.querySelector<HTMLFormElement>('form.report');
if (form && document.querySelector('[data-not-run]')) form.action += location.hash;

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', offerChart);
else offerChart();

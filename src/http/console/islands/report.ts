// The script of a report's page.
import { offerChart } from './chart/offer-chart.ts';

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', offerChart);
else offerChart();

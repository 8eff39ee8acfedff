// The script of every page. Each function looks for its elements, and does nothing if the page has none.
import { brushCharts } from './brush.ts';
import { followPass } from './follow-pass.ts';
import { followKeys } from './keys.ts';
import { addOutputTools } from './output-tools.ts';
import { offerOwnZone } from './own-zone.ts';
import { showSection } from './show-section.ts';
import { suggestValues } from './suggest.ts';

showSection();
offerOwnZone();
followKeys();
brushCharts();
suggestValues();
addOutputTools();
followPass();

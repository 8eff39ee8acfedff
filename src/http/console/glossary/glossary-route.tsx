import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { GlossaryPage } from './glossary-page.tsx';

/** `/glossary`: explains the terms of all other pages. */
export function addGlossaryRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/glossary', (c) => respondPage(deps, c, { title: 'Glossary', section: '/glossary' }, <GlossaryPage />));
}

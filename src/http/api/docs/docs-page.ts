import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../lib/process/package-root.ts';
import type { ApiApp } from '../api-app.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ssm-archive API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
};

/** Adds `GET /docs`: a page to browse and try the API, with Swagger UI from its npm package. */
export function addDocsPage(app: ApiApp): void {
  app.get('/docs', (c) => c.html(PAGE, 200, HEADERS));
  app.get('/docs/start.js', (c) => c.body(START, 200, { ...HEADERS, 'content-type': 'text/javascript' }));
  app.get('/docs/swagger-ui-bundle.js', (c) =>
    c.body(asset('swagger-ui-bundle.js'), 200, { ...HEADERS, 'content-type': 'text/javascript', ...CACHED }),
  );
  app.get('/docs/swagger-ui.css', (c) =>
    c.body(asset('swagger-ui.css'), 200, { ...HEADERS, 'content-type': 'text/css', ...CACHED }),
  );
}

const CACHED = { 'cache-control': 'public, max-age=86400' };

/**
 * Reads a file of Swagger UI, which the build copied into dist/. It is read only when somebody asks for it, because few
 * people do.
 */
function asset(name: string): string {
  return readFileSync(join(packageRoot(), 'dist', 'swagger-ui', name), 'utf8');
}

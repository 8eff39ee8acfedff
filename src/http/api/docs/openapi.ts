import { packageVersion } from '../../../lib/process/package-root.ts';
import type { ApiApp } from '../api-app.ts';

/** Adds `GET /openapi.json`: the OpenAPI 3.1 document of all routes that were added to the app. */
export function addOpenApi(app: ApiApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token made by `ssm-archive token create`. On a loopback address no token is needed until the first one is made.',
  });
  let document: string | undefined;
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'ssm-archive',
          version: packageVersion(),
          description:
            'The history of AWS Systems Manager Run Command, kept for good. The console’s page /glossary says what statuses and other words mean.',
          license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
        },
        servers: [{ url: '/' }],
        security: [{ token: [] }],
      }),
    );
    return c.body(document, 200, { 'content-type': 'application/json' });
  });
}

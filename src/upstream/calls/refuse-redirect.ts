import type { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { EndpointRedirects } from '../errors.ts';
import { redirectTarget } from './redirect-target.ts';

/**
 * Throws EndpointRedirects for a reply that is a redirect. The SDK follows no redirect and would report an unknown
 * error. S3's own redirect is left to the SDK: it is an error in XML, with a code and without an address.
 */
export function refuseRedirect({ statusCode, headers, body }: HttpResponse, request: HttpRequest): void {
  if (statusCode < 300 || statusCode >= 400) return;
  const { location } = headers;
  if (location === undefined && headers['content-type']?.includes('xml')) return;
  body?.destroy?.();
  const from = `${request.protocol}//${request.hostname}${request.port === undefined ? '' : `:${request.port}`}`;
  const to = redirectTarget(location, from);
  throw new EndpointRedirects({ status: statusCode, from, to, region: headers['x-amz-bucket-region'] });
}

import type { Context } from 'hono';

export interface AwsRefusal {
  status: 403 | 413;
  code: string;
  message: string;
}

/** Refuses a `POST /` request before it is parsed, in the form that AWS's clients understand. */
export function refuseAsAws(c: Context, { status, code, message }: AwsRefusal): Response {
  return c.body(JSON.stringify({ __type: code, message }), status, {
    'content-type': 'application/x-amz-json-1.1',
    'cache-control': 'no-store',
  });
}

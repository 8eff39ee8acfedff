import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Reply } from '../read-pages.ts';
import type { Body } from './conformance-requests.ts';

const PATIENCE = 6;

export type AskAws = (request: { operation: string; body: Body | string; isSigned?: boolean }) => Promise<Reply>;

/**
 * Asks the real service (or the one that AWS_ENDPOINT_URL_SSM names), with the credentials and region of the
 * environment. It sends raw bytes: the SDK would not send most of the requests that must be refused. Waits if it is
 * throttled.
 */
export function createAskAws(): AskAws {
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const url = new URL(process.env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${region}.amazonaws.com/`);
  const signer = new SignatureV4({
    ...{ service: 'ssm', region, credentials: fromNodeProviderChain(), applyChecksum: false },
    sha256: Hash.bind(null, 'sha256'),
  });

  return async ({ operation, body, isSigned = true }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    for (let attempt = 1; ; attempt++) {
      const request = {
        ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', query: {}, body: text },
        ...(url.port !== '' && { port: Number(url.port) }),
        headers: {
          host: url.host,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AmazonSSM.${operation}`,
        },
      };
      const { headers } = isSigned ? await signer.sign(request) : request;
      const response = await fetch(url, { method: 'POST', headers, body: text });
      const reply = { operation, status: response.status, text: await response.text() };
      if (!reply.text.includes('"ThrottlingException"') || attempt === PATIENCE) return reply;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  };
}

import type { AwsRefusal, WireRequest, WireResponse } from '../contract';
import { writeXml } from './xml';

/**
 * Writes the error document of REST-XML services without wrapper (S3). Answers to HEAD and 304s have no body. Source:
 * S3 API Reference, "REST error responses".
 */
export function encodeRestError(refusal: AwsRefusal, request: WireRequest, requestId: string): WireResponse {
  const bodiless = request.method === 'HEAD' || refusal.status === 304;
  return {
    status: refusal.status,
    headers: bodiless ? refusal.headers : { 'content-type': 'application/xml', ...refusal.headers },
    body: bodiless
      ? ''
      : writeXml('Error', {
          Code: refusal.code,
          Message: refusal.message,
          ...refusal.extra,
          RequestId: requestId,
          HostId: Buffer.from(`sandbox:${requestId}`).toString('base64'),
        }),
  };
}

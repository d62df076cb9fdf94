import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { Route53Client } from '@aws-sdk/client-route-53';

/**
 * The clients only websites need. A module of its own, loaded when the first of them is asked for: services without
 * websites spare the memory, and the bundler keeps out what nobody uses.
 */
export { ACMClient, CloudFrontClient, Route53Client };

import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { Route53Client } from '@aws-sdk/client-route-53';

/**
 * The clients only websites need, loaded with the first of them. A module of its own, because the bundler takes all of a
 * package that is loaded by its name: 5 MiB of memory before anybody asks for a website.
 */
export { ACMClient, CloudFrontClient, Route53Client };

import { DeleteBucketCorsCommand, GetBucketCorsCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import { owned } from '../../../shared/context';
import { checkCors, type CorsConfiguration } from '../rules/cors';
import { plain } from '../rules/plain';
import type { Settable } from './setting';

/** CORS rules, kept as S3 gives them. */
export const cors: Settable<CorsConfiguration, CorsConfiguration, CorsConfiguration> = {
  name: 'cors',
  member: 'CORS',
  feature: { title: 'CORS rules' },
  isRemovable: true,

  check(input) {
    checkCors(input, '/CORS');
    return input;
  },
  async read({ session }, Bucket) {
    const { CORSRules = [] } = await session.s3(new GetBucketCorsCommand({ Bucket, ...owned(session) }));
    // AWS's rules, as JSON.
    return CORSRules.length === 0 ? null : { CORSRules: plain(CORSRules) as CorsConfiguration['CORSRules'] };
  },
  show: (rules) => rules,
  title: (bucket, wanted) => `${wanted === null ? 'Remove' : 'Set'} the CORS rules of bucket ${bucket}`,
  target: (wanted) => wanted,
  put: ({ session }, Bucket, rules) =>
    session.s3(
      // The SDK's types want mutable arrays; a copy is made for every attempt.
      new PutBucketCorsCommand({ Bucket, ...owned(session), CORSConfiguration: structuredClone(rules) as never }),
    ),
  onWebsite: (_, { forwardsOrigin }) =>
    forwardsOrigin
      ? undefined
      : 'CORS: the distribution of this website does not send the header Origin on to S3, so the rules have no effect at the site’s address, only at that of the bucket. Websites that are made today send it on.',
  remove: ({ session }, Bucket) => session.s3(new DeleteBucketCorsCommand({ Bucket, ...owned(session) })),
};

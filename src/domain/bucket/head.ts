import { requireBucket } from '../shared/aws/bucket';
import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';

/**
 * Tells whether a bucket is there.
 * @throws {not-found} when it is not
 * @throws {denied} when it is somebody else's
 */
export const headBucket = lookup({
  ids: { bucket: 'headBucket' },
  subject: whole,
  read: (context, { bucket }) => requireBucket(context, bucket),
});

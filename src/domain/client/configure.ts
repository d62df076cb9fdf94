import { bucketInS3 } from '../../base/bucket-names';
import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import type { ClientTool } from './rules/client-file';
import { clientFiles } from './rules/tools';
import { checkClientQuery, type ClientQuery, startOf } from './start';

/** Makes the configuration of another tool for a bucket or website; it holds no secret. */
export const configureClient = lookup({
  ids: { bucket: 'configureBucketClient', website: 'configureWebsiteClient' },
  subject: whole,
  check: (place, _, query: ClientQuery) => checkClientQuery(place, query),
  read: async (context, target, query) => {
    const { folder, user, region, address } = await startOf(context, target, query);
    // openapi.yaml lists the tools, and the path has been checked against it.
    const tool = target.params['tool'] as ClientTool;
    const { account } = context.session;
    return clientFiles[tool]({
      bucket: bucketInS3(account, target.bucket),
      region,
      address,
      folder,
      accessKeyId: user?.accessKeyId,
      // A new user is an admin of its bucket unless said otherwise; keys of a store without IAM know no roles.
      setsAcls: account.iam && (user === undefined ? true : user.isAdmin),
    });
  },
});

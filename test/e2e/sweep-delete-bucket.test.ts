import { AddUserToGroupCommand, CreateGroupCommand, CreatePolicyVersionCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { addVersions, makeOldest, readerPolicy } from '../support/e2e/legacy';
import type { Scenario } from '../support/e2e/sweep';
import { SWEPT, makeBucket, must, onSwept, sweepAll } from '../support/e2e/sweep-suite';

const scenarios: readonly Scenario[] = [
  {
    title: 'delete bucket with two roles, a policy of two versions, a user of its own and a shared one',
    nature: 'destroy',
    request: { method: 'DELETE', path: onSwept },
    arrange: async (world) => {
      await makeBucket(world);
      await must(world, 'POST', `${onSwept}/users`, { User: { UserName: 'swept-own' } });
      await must(world, 'POST', `${onSwept}/users`, { User: { UserName: 'swept-shared' }, Groups: ['BktROGrp'] });
      const { iam } = world.auditor;
      await iam.send(new CreateGroupCommand({ GroupName: 'elsewhere' }));
      await iam.send(new AddUserToGroupCommand({ GroupName: 'elsewhere', UserName: 'swept-shared' }));
      const document = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${SWEPT}` }],
      };
      await iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: `arn:aws:iam::${world.accountId}:policy/${SWEPT}-BktROPlc`,
          PolicyDocument: JSON.stringify(document),
        }),
      );
    },
  },
  {
    title: 'delete bucket of the predecessor with its user and the policy that is the user’s alone',
    nature: 'destroy',
    request: { method: 'DELETE', path: onSwept },
    arrange: async (world) => {
      // Of oldest times: without a group.
      await world.auditor.s3.send(new CreateBucketCommand({ Bucket: SWEPT }));
      await addVersions(world.auditor, await makeOldest(world, SWEPT), 2, readerPolicy(SWEPT));
    },
  },
];

sweepAll('every AWS call of the deletion of a bucket fails in every way', scenarios);

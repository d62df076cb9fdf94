import { createObjects } from '../../src/operations/s3/objects';
import { createS3Register } from '../../src/operations/s3/register';
import { describeRegisterContract } from './register-contract';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';

let bucket: TestBucket;
let prefixes = 0;
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(() => bucket.stop());

const open = () =>
  createS3Register({
    objects: createObjects({ ...bucket, bucket: BUCKET }),
    prefix: `ops ${String((prefixes += 1))}/`,
    clock: bucket.clock,
    removal: 'remove',
  });

describeRegisterContract('s3 on the sandbox', open, { many: 1_010, racers: 300, histories: 10 });

import { openS3Register } from '../../src/operations/s3/open';
import { describeRegisterContract } from './register-contract';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';

let bucket: TestBucket;
let prefixes = 0;
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(() => bucket.stop());

const open = () => openS3Register({ ...bucket, bucket: BUCKET, prefix: `ops ${String((prefixes += 1))}/` });

describeRegisterContract('s3 on the sandbox', open, { many: 1_010, racers: 300, histories: 10 });

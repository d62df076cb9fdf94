import { markUser } from '../../../../src/domain/access/aws/set-status';
import { mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

describe('the status of a user', () => {
  const active = { inactive: false, turnedOff: [] };
  const inactive = { inactive: true, turnedOff: ['K1'] };
  const tag = { TagUser: [{ UserName: 'u', Tags: [{ Key: 'mallard:status', Value: 'Inactive K1' }] }] };
  const untag = { UntagUser: [{ UserName: 'u', TagKeys: ['mallard:status'] }] };

  test.each([
    ['Inactive', active, inactive, tag, untag],
    ['Active', inactive, active, untag, tag],
  ])('is marked as %s, and as before by the undo', async (word, before, after, done, undone) => {
    const aws = await mockedAws();
    const spec = markUser(aws.context, 'u', before, after, []);
    const step = stepAlone(aws.context, spec);
    await step.run();
    expect(changes(aws.iam)).toEqual(done);
    aws.iam.resetHistory();
    await step.undo();
    expect(changes(aws.iam)).toEqual(undone);
    expect(spec.title).toBe(`Mark user u as ${word}`);
  });
});

import { secret } from '../../src/base/secret';
import { keptAnswer } from '../../src/http/operations/kept-answer';

const CANARY = 'plain-text-of-the-secret';

describe('the answer that is kept for repeats', () => {
  test('is what openapi.yaml makes of the value, with its status', () => {
    expect(keptAnswer({ requestId: 'r', endpoint: 'deleteBucket' }, {})).toEqual({ status: 200, text: '{}' });
  });

  test('that holds a secret is that alone', () => {
    for (const endpoint of ['resetKeys', 'createUser', 'addKey', 'createWebsiteUser']) {
      const kept = keptAnswer({ requestId: 'r', endpoint }, { AccessKey: { SecretAccessKey: secret(CANARY) } });
      expect(kept).toEqual({ status: expect.any(Number), secret: true });
      expect(kept?.status).toBeLessThan(300);
    }
  });

  test('that might have held a secret and holds none is kept', () => {
    const kept = keptAnswer(
      { requestId: 'r', endpoint: 'createUser' },
      { User: { UserName: 'ada' }, AccessKey: undefined },
    );
    expect(JSON.parse(kept?.text ?? '')).toMatchObject({ User: { UserName: 'ada' }, AccessKey: null });
    expect(keptAnswer({ endpoint: 'createUser' }, { AccessKey: { SecretAccessKey: '[secret]' } })).toMatchObject({
      secret: true,
    });
  });

  test('is none where nobody asked over HTTP, or for what this version does not know', () => {
    for (const asked of [null, 'x', [], {}, { endpoint: 1 }, { endpoint: 'of-another-version' }])
      expect(keptAnswer(asked, {})).toBeUndefined();
  });
});

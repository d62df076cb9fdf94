import { containerEndpoint } from '../../../src/aws/credentials/container';

const FULL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const RELATIVE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';

test.each([
  ['the ECS agent', { [RELATIVE]: '/v2/credentials/id' }, 'http://169.254.170.2/v2/credentials/id'],
  ['a relative URI without its slash', { [RELATIVE]: 'v2/id' }, 'http://169.254.170.2/v2/id'],
  [
    'a relative URI that looks like a host stays a path',
    { [RELATIVE]: '//elsewhere.example.org/x' },
    'http://169.254.170.2//elsewhere.example.org/x',
  ],
  ['both: the relative one wins', { [RELATIVE]: '/a', [FULL]: 'https://example.org/b' }, 'http://169.254.170.2/a'],
  [
    'the EKS Pod Identity agent',
    { [FULL]: 'http://169.254.170.23/v1/credentials' },
    'http://169.254.170.23/v1/credentials',
  ],
  ['the same by IPv6', { [FULL]: 'http://[fd00:ec2::23]/v1/credentials' }, 'http://[fd00:ec2::23]/v1/credentials'],
  ['loopback', { [FULL]: 'http://127.1.2.3:8080/x' }, 'http://127.1.2.3:8080/x'],
  ['loopback by name', { [FULL]: 'http://localhost/x' }, 'http://localhost/x'],
  ['loopback by IPv6', { [FULL]: 'http://[::1]:81/x' }, 'http://[::1]:81/x'],
  ['anywhere by https', { [FULL]: 'https://credentials.example.org/x' }, 'https://credentials.example.org/x'],
])('%s', (_what, env, url) => {
  const endpoint = containerEndpoint(env);
  expect(endpoint.kind === 'url' && endpoint.url.href).toBe(url);
});

test.each([
  ['a host of somebody’s', 'http://example.org/x', 'plain http'],
  ['a host that begins like loopback', 'http://127.0.0.1.example.org/x', 'plain http'],
  ['the EC2 metadata service', 'http://169.254.169.254/x', 'plain http'],
  ['no URL', 'nonsense', 'no http or https URL'],
  ['a file', 'file:///etc/passwd', 'no http or https URL'],
])('refused without a call: %s', (_what, uri, why) => {
  const endpoint = containerEndpoint({ [FULL]: uri });
  expect(endpoint).toMatchObject({ kind: 'unusable', why: expect.stringContaining(why) });
  expect(endpoint).toMatchObject({ why: expect.stringMatching(/^AWS_CONTAINER_CREDENTIALS_FULL_URI /) });
});

test('nothing set', () => {
  expect(containerEndpoint({ [FULL]: '', [RELATIVE]: '' })).toEqual({
    kind: 'none',
    why: `neither ${RELATIVE} nor ${FULL} is set`,
  });
});

import { isLoopback, proxyRules } from '../../../src/aws/wire/proxy';
import { DomainFailure } from '../../../src/base/errors';

describe('NO_PROXY', () => {
  test.each([
    ['', 's3.amazonaws.com', 443, false],
    ['*', 's3.amazonaws.com', 443, true],
    ['amazonaws.com', 's3.amazonaws.com', 443, true],
    ['.amazonaws.com', 's3.amazonaws.com', 443, true],
    ['*.amazonaws.com', 's3.amazonaws.com', 443, true],
    ['amazonaws.com', 'amazonaws.com', 443, true],
    ['amazonaws.com', 'notamazonaws.com', 443, false],
    ['amazonaws.com', 'amazonaws.com.evil.example', 443, false],
    ['AmazonAWS.com', 'S3.AMAZONAWS.COM.', 443, true],
    ['other.example, s3.local', 's3.local', 9000, true],
    ['other.example s3.local', 's3.local', 9000, true],
    ['s3.local:9000', 's3.local', 9000, true],
    ['s3.local:9000', 's3.local', 443, false],
    ['10.1.2.3', '10.1.2.3', 80, true],
    ['10.1.2.3', '110.1.2.3', 80, false],
    ['2.3', '10.1.2.3', 80, false],
    ['10.1.0.0/16', '10.1.200.7', 80, true],
    ['10.1.0.0/16', '10.2.0.7', 80, false],
    ['10.1.0.0/33', '10.1.0.7', 80, false],
    ['fd00::/8', '[fd12::1]', 80, true],
    ['fd00::/8', '[fe12::1]', 80, false],
    ['[fd12::1]:9000', 'fd12::1', 9000, true],
    ['[fd12::1]:9000', 'fd12::1', 9001, false],
    ['fd12::1', 'fd12::1', 80, true],
    ['10.0.0.0/8', 's3.amazonaws.com', 443, false],
    ['.', 's3.amazonaws.com', 443, false],
    [',,', 's3.amazonaws.com', 443, false],
  ])('%j and %s port %i: %s', (list, host, port, expected) => {
    expect(proxyRules({ NO_PROXY: list }).bypasses(host, port)).toBe(expected);
  });

  test('loopback is never proxied', () => {
    const { bypasses } = proxyRules({ HTTP_PROXY: 'http://proxy.example:3128' });
    for (const host of ['localhost', 'demo.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])
      expect(bypasses(host, 80)).toBe(true);
    for (const host of ['127.example.org', 'localhost.example.org', '128.0.0.1', '::2'])
      expect(isLoopback(host)).toBe(false);
  });
});

describe('which proxy', () => {
  test('lower-case names win, a bare host is an http proxy, an empty value is none', () => {
    const rules = proxyRules({ HTTPS_PROXY: 'http://upper:1', https_proxy: 'lower:2', HTTP_PROXY: ' ' });
    expect(rules.https?.href).toBe('http://lower:2/');
    expect(rules.http).toBeUndefined();
  });

  test.each(['socks5://proxy:1080', 'http://', 'http://a b'])('%s is refused by the name of its variable', (value) => {
    const read = (): unknown => proxyRules({ HTTPS_PROXY: value });
    expect(read).toThrow(DomainFailure);
    expect(read).toThrow(/HTTPS_PROXY/);
    expect(read).not.toThrow(value);
  });
});

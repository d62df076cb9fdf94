import { isIP } from 'node:net';
import fc from 'fast-check';
import { isLoopbackAddress, readAddress, readBlock } from '../../src/base/addresses';

test('every address that Node takes is read, in whatever form it is written', () => {
  const zone = fc.constantFrom('', '%eth0', '%eth0.100', '%br-1.a', '%0');
  fc.assert(
    fc.property(fc.ipV6(), zone, (address, suffix) => {
      expect(isIP(address + suffix)).toBe(6);
      expect(readAddress(address + suffix)).toBeDefined();
      expect(readAddress(`[${address}]`)).toEqual(readAddress(address));
    }),
  );
  fc.assert(fc.property(fc.ipV4(), (address) => readAddress(address)?.toString() === address));
});

test.each(['', '1', '127.1', '0x7f.0.0.1', '010.0.0.1', '1.2.3', '1.2.3.4.5', '::zz', 'example.org', '1.2.3.4/8'])(
  '%j is no address',
  (text) => {
    expect(readAddress(text)).toBeUndefined();
  },
);

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['128.0.0.1', false],
  ['localhost', false],
])('%s is an address of this computer alone: %s', (text, expected) => {
  expect(isLoopbackAddress(text)).toBe(expected);
});

test.each(['', '10.0.0.0', '10/8', '10.0.0.0/33', '10.0.0.0/', '/8', 'fd00::/129', 'example.org/8'])(
  '%j is no block of addresses',
  (text) => {
    expect(readBlock(text)).toBeUndefined();
  },
);

test('a block holds addresses of its own family, and IPv4 inside of IPv6', () => {
  const block = readBlock('10.1.0.0/16');
  expect(['10.1.2.3', '10.2.0.1', '::ffff:10.1.2.3', 'fd00::1', 'example.org'].map((host) => block?.(host))).toEqual([
    true,
    false,
    true,
    false,
    false,
  ]);
  expect(readBlock('fd00::/8')?.('fd12::1')).toBe(true);
});

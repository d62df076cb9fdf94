import { createCertificateMemory } from '../../../../../src/domain/website/certificate/rules/memory';

const MINUTE_MS = 60_000;

function memoryAt(start = 0) {
  let now = start;
  const memory = createCertificateMemory({ monotonic: () => now });
  return { memory, advance: (ms: number) => void (now += ms) };
}

test('a certificate is believed for a minute', () => {
  const { memory, advance } = memoryAt();
  memory.set('demo/a.example.org/', ['arn:1']);
  advance(MINUTE_MS - 1);
  expect(memory.get('demo/a.example.org/')).toEqual(['arn:1']);
  advance(1);
  expect(memory.get('demo/a.example.org/')).toBeUndefined();
});

test('a certificate that is set again is believed for another minute, whatever is set between', () => {
  const { memory, advance } = memoryAt();
  memory.set('a', ['arn:1']);
  memory.set('b', ['arn:2']);
  advance(MINUTE_MS - 1);
  memory.set('a', ['arn:3']);
  advance(1);
  memory.set('c', ['arn:4']);
  expect(['a', 'b', 'c'].map(memory.get)).toEqual([['arn:3'], undefined, ['arn:4']]);
  advance(MINUTE_MS - 2);
  expect(['a', 'c'].map(memory.get)).toEqual([['arn:3'], ['arn:4']]);
  advance(1);
  expect(['a', 'c'].map(memory.get)).toEqual([undefined, ['arn:4']]);
});

test('certificates of other sites and accounts are not mixed up', () => {
  const { memory } = memoryAt();
  memory.set('demo/a.example.org/', ['arn:1']);
  expect(['other/a.example.org/', 'demo/b.example.org/', 'demo/a.example.org/arn:2'].map(memory.get)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

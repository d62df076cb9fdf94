import { createTurnstile } from '../../../src/http/connections/turnstile';
import { until } from '../../support/raw-socket';

test('so many at once, in the order of coming, with a turn of the event loop between them', async () => {
  const later = createTurnstile(2);
  const done: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) later(() => done.push(name));
  expect(done).toEqual([]);
  const seen = new Set<string>();
  await until(() => {
    seen.add(done.join(''));
    return done.length === 5;
  });
  expect([...seen].every((text) => text.length % 2 === 0 || text === 'abcde')).toBe(true);
  expect(done.join('')).toBe('abcde');
});

test('what comes while it turns waits for its turn; it begins again when it was idle', async () => {
  const later = createTurnstile(4);
  const done: string[] = [];
  later(() => {
    done.push('first');
    later(() => done.push('of its own'));
  });
  await until(() => done.length === 2);
  later(() => done.push('again'));
  await until(() => done.length === 3);
  expect(done).toEqual(['first', 'of its own', 'again']);
});

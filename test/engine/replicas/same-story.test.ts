import { simulate } from './simulate';

test('a seed tells the same story every time', async () => {
  const [one, other] = [await simulate(4711, { isLogged: true }), await simulate(4711, { isLogged: true })];
  expect(one.log.length).toBeGreaterThan(50);
  expect(other.log).toEqual(one.log);
});

import { createHash } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { createBcryptTokens, looksLikeBcrypt } from '../../src/http/bcrypt-tokens';
import { tokenConfig } from '../support/http';

const tokens = [tokenConfig('first', { id: 'a' }), tokenConfig('second', { id: 'b' })];
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const good = hashSync('second', 4);
const bad = [hashSync('x', 4), hashSync('y', 4), hashSync('z', 4)] as const;

test('finds the token, and keeps right and wrong verdicts', async () => {
  const bcrypt = createBcryptTokens(tokens);
  const verdict = bcrypt.verify(good, digest(good), false);
  expect(verdict).toBeInstanceOf(Promise);
  await expect(verdict).resolves.toMatchObject({ token: { id: 'b' } });
  expect(bcrypt.verify(good, digest(good), false)).toMatchObject({ token: { id: 'b' } });
  await expect(bcrypt.verify(bad[0], digest(bad[0]), false)).resolves.toEqual({ token: undefined });
  expect(bcrypt.verify(bad[0], digest(bad[0]), false)).toEqual({ token: undefined });
});

test('two comparisons at a time, the same one shared, further ones busy; suspects leave one free', async () => {
  const bcrypt = createBcryptTokens(tokens);
  const first = bcrypt.verify(bad[0], digest(bad[0]), true);
  expect(bcrypt.verify(bad[0], digest(bad[0]), true)).toBe(first);
  expect(bcrypt.verify(bad[1], digest(bad[1]), true)).toBe('busy');
  const second = bcrypt.verify(good, digest(good), false);
  expect(second).not.toBe('busy');
  expect(bcrypt.verify(bad[2], digest(bad[2]), false)).toBe('busy');
  await Promise.all([first, second]);
  expect(bcrypt.verify(bad[2], digest(bad[2]), false)).toBeInstanceOf(Promise);
});

test('keeps no more verdicts than it may, and wrong ones never push out right ones', async () => {
  const bcrypt = createBcryptTokens(tokens, { maxVerdicts: 2 });
  for (const hash of [good, ...bad]) await bcrypt.verify(hash, digest(hash), false);
  expect(bcrypt.verify(good, digest(good), false)).toMatchObject({ token: { id: 'b' } });
  expect(bcrypt.verify(bad[2], digest(bad[2]), false)).toEqual({ token: undefined });
  const forgotten = bcrypt.verify(bad[0], digest(bad[0]), false);
  expect(forgotten).toBeInstanceOf(Promise);
  await forgotten;
});

test.each([
  [good, true],
  [good.replace('$04$', '$10$'), true],
  [good.replace('$04$', '$11$'), false],
  [good.replace('$04$', '$03$'), false],
  [`${good}\n`, false],
  ['', false],
])('%j may be compared: %s', (header, expected) => {
  expect(looksLikeBcrypt(header)).toBe(expected);
});

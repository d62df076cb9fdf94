import { createHash } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { createBcryptThread, type BcryptThread } from '../../../src/http/auth/bcrypt-thread';
import { createBcryptTokens, looksLikeBcrypt, type BcryptCaller } from '../../../src/http/auth/bcrypt-tokens';
import { BOUNDS } from '../../../src/http/connections/fair-queue';
import { tokenConfig } from '../../support/http';

// Only a thread may compare: it has a copy of the library of its own.
jest.mock('bcryptjs', () => {
  const never = () => {
    throw new Error('compared on the event loop');
  };
  return { ...jest.requireActual<object>('bcryptjs'), compare: never, compareSync: never };
});

const tokens = [tokenConfig('first', { id: 'a' }), tokenConfig('second', { id: 'b' })];
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const good = hashSync('second', 4);
const bad = [hashSync('x', 4), hashSync('y', 4), hashSync('z', 4)] as const;
const from = (address: string, more: Partial<BcryptCaller> = {}): BcryptCaller => ({
  address,
  isSuspect: false,
  isThere: () => true,
  ...more,
});

/** A thread that answers when it is told to, and what it was asked. */
function heldThread() {
  const asked: string[] = [];
  const waiting: ((match: number) => void)[] = [];
  const thread: BcryptThread = {
    match: (header) => {
      asked.push(header);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
  /** Answers the question that is asked, and lets everything that follows from it happen. */
  const answer = async (match = -1): Promise<void> => {
    waiting.shift()?.(match);
    await new Promise(setImmediate);
  };
  return { thread, asked, answer };
}

describe('with the real thread', () => {
  const thread = createBcryptThread();

  test('finds the token, and keeps right and wrong verdicts', async () => {
    const bcrypt = createBcryptTokens(tokens, { thread });
    const verdict = bcrypt.verify(good, digest(good), from('1'));
    expect(verdict).toBeInstanceOf(Promise);
    await expect(verdict).resolves.toMatchObject({ token: { id: 'b' } });
    expect(bcrypt.verify(good, digest(good), from('1'))).toMatchObject({ token: { id: 'b' } });
    await expect(bcrypt.verify(bad[0], digest(bad[0]), from('1'))).resolves.toEqual({ token: undefined });
    expect(bcrypt.verify(bad[0], digest(bad[0]), from('1'))).toEqual({ token: undefined });
  });

  test('keeps no more verdicts than it may, and wrong ones never push out right ones', async () => {
    const bcrypt = createBcryptTokens(tokens, { thread, maxVerdicts: 2 });
    for (const hash of [good, ...bad]) await bcrypt.verify(hash, digest(hash), from('1'));
    expect(bcrypt.verify(good, digest(good), from('1'))).toMatchObject({ token: { id: 'b' } });
    expect(bcrypt.verify(bad[2], digest(bad[2]), from('1'))).toEqual({ token: undefined });
    const forgotten = bcrypt.verify(bad[0], digest(bad[0]), from('1'));
    expect(forgotten).toBeInstanceOf(Promise);
    await forgotten;
  });
});

test('one comparison at a time; the same hash waits for the same one', async () => {
  const { thread, asked, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  const verdicts = [bad[0], bad[0], bad[1]].map(async (hash, n) => bcrypt.verify(hash, digest(hash), from(String(n))));
  expect(asked).toEqual([bad[0]]);
  await answer();
  expect(asked).toEqual([bad[0], bad[1]]);
  await answer();
  expect(await Promise.all(verdicts)).toEqual([{ token: undefined }, { token: undefined }, { token: undefined }]);
});

test('strangers wait behind those who succeeded before, suspects behind everybody', async () => {
  const { thread, asked, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  const verify = (hash: string, caller: BcryptCaller) => void bcrypt.verify(hash, digest(hash), caller);
  verify(good, from('friend'));
  await answer(1);

  verify('under way', from('stranger'));
  verify('of a suspect', from('suspect', { isSuspect: true }));
  verify('of a stranger', from('stranger'));
  verify('of another stranger', from('newcomer'));
  verify('of a friend', from('friend'));
  for (let n = 0; n < 5; n++) await answer();
  expect(asked.slice(2)).toEqual(['of a friend', 'of a stranger', 'of another stranger', 'of a suspect']);
});

test('a friend who fails too often is a suspect', async () => {
  const { thread, asked, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  const verify = (hash: string, caller: BcryptCaller) => void bcrypt.verify(hash, digest(hash), caller);
  verify(good, from('friend'));
  await answer(0);
  verify('under way', from('x'));
  verify('of the friend', from('friend', { isSuspect: true }));
  verify('of a stranger', from('stranger'));
  for (let n = 0; n < 3; n++) await answer();
  expect(asked.slice(2)).toEqual(['of a stranger', 'of the friend']);
});

test('an honest newcomer is next but one, however many hashes one stranger sends', async () => {
  const { thread, asked, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  const flood = Array.from({ length: 1_000 }, (_, n) => bcrypt.verify(`flood ${n}`, `flood ${n}`, from('attacker')));
  expect(flood.filter((verdict) => verdict === 'busy')).toHaveLength(1_000 - 1 - BOUNDS.stranger.mostOfOneKey);
  const honest = bcrypt.verify(good, digest(good), from('honest'));
  await answer();
  await answer();
  await answer(1);
  expect(asked.indexOf(good)).toBe(2);
  expect(await honest).toMatchObject({ token: { id: 'b' } });
});

test('what many strangers have waiting is bounded; a hash that had to make room is busy, and may be sent again', async () => {
  const { thread, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  void bcrypt.verify('under way', 'under way', from('x'));
  const { most, mostOfOneKey } = BOUNDS.stranger;
  const verdicts = Array.from({ length: most }, (_, n) =>
    bcrypt.verify(`${n}`, `${n}`, from(`attacker ${Math.floor(n / mostOfOneKey)}`)),
  );
  expect(verdicts).not.toContain('busy');
  expect(bcrypt.verify(good, digest(good), from('honest'))).toBeInstanceOf(Promise);
  expect(await verdicts[mostOfOneKey - 1]).toBe('busy');
  expect(bcrypt.verify('3', '3', from('attacker 0'))).toBe('busy');
  await answer();
});

test('what nobody waits for any more is not compared', async () => {
  const { thread, asked, answer } = heldThread();
  const bcrypt = createBcryptTokens(tokens, { thread });
  let isThere = true;
  void bcrypt.verify('under way', 'under way', from('x'));
  const left = bcrypt.verify(bad[0], digest(bad[0]), from('x', { isThere: () => isThere }));
  void bcrypt.verify(bad[1], digest(bad[1]), from('x'));
  isThere = false;
  await answer();
  expect(asked).toEqual(['under way', bad[1]]);
  expect(await left).toBe('busy');
});

test('a thread that fails is an error of that request, and the next one is compared', async () => {
  const failures: (Error | undefined)[] = [new Error('ended')];
  const bcrypt = createBcryptTokens(tokens, {
    thread: { match: () => (failures[0] ? Promise.reject(failures.shift() ?? new Error()) : Promise.resolve(1)) },
  });
  await expect(bcrypt.verify(good, digest(good), from('x'))).rejects.toThrow('ended');
  await expect(bcrypt.verify(good, digest(good), from('x'))).resolves.toMatchObject({ token: { id: 'b' } });
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

import { systemClock } from '../../src/base/clock';
import { accountConfig } from '../support/config';

const WEBSITES = ['@aws-sdk/client-cloudfront', '@aws-sdk/client-route-53', '@aws-sdk/client-acm'];

afterEach(() => {
  jest.resetModules();
  for (const name of WEBSITES) jest.dontMock(name);
});

async function openSession() {
  const { createSessions } = await import('../../src/aws/session');
  return createSessions({ clock: systemClock, org: 'acme' }).open(accountConfig({ id: '123456789012' }));
}

test('a session has a sender for every service of the table, by its name', async () => {
  const { services } = await import('../../src/aws/services');
  const senders = Object.entries(await openSession()).filter(([, value]) => typeof value === 'function');
  expect(senders.map(([name]) => name)).toEqual(Object.keys(services));
});

test('what only websites need is not loaded before it is asked for', async () => {
  jest.resetModules();
  for (const name of WEBSITES)
    jest.doMock(name, () => {
      throw new Error(`${name} was loaded`);
    });
  const session = await openSession();
  await expect(session.acm({} as never)).rejects.toThrow('was loaded');
});

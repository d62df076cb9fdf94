import { createCallLog } from '../../src/sandbox/calls';

const call = (log: ReturnType<typeof createCallLog>, id: string): void => log.end(log.start(id));

test('calls are remembered only where somebody asks for it, and whoever asks in vain is told so', () => {
  const log = createCallLog(0);
  call(log, 'a');
  expect(() => log.calls.all()).toThrow('not told to record');
  expect(() => log.calls.depth()).toThrow('not told to record');
  expect(() => log.calls.clear()).not.toThrow();
});

test('the last ones are remembered, and the record does not grow for ever', () => {
  const log = createCallLog(10);
  for (let n = 0; n < 1_000; n += 1) {
    call(log, String(n));
    expect(log.calls.all().length).toBeLessThanOrEqual(20);
  }
  expect(
    log.calls
      .all()
      .slice(-10)
      .map(({ id }) => id),
  ).toEqual(['990', '991', '992', '993', '994', '995', '996', '997', '998', '999']);
  log.calls.clear();
  expect(log.calls.all()).toEqual([]);
});

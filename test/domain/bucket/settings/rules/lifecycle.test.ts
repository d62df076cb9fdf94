import { lifecycleNames, lifecycleRules } from '../../../../../src/domain/bucket/settings/rules/lifecycle';

test('deep-archive moves everything after one day', () => {
  expect(lifecycleRules('deep-archive')).toEqual([
    {
      ID: 'deep-archive',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Transitions: [{ Days: 1, StorageClass: 'DEEP_ARCHIVE' }],
    },
  ]);
});

test.each(['deep-archive', 'glacier', 'intelligent-tiering', 'expire-30', 'abort-multipart'])(
  '%s is registered',
  (name) => {
    expect(lifecycleNames).toContain(name);
    for (const rule of lifecycleRules(name)) expect(rule.ID.length).toBeLessThanOrEqual(255);
  },
);

test.each(['nope', 'constructor', '__proto__', ''])('%j is refused with the known names', (name) => {
  expect(() => lifecycleRules(name)).toThrow(
    /known are deep-archive, glacier, intelligent-tiering, expire-30, abort-multipart/,
  );
});

import { GREETING_BYTES, greetingKey, greetingPage } from '../../../../src/domain/website/rules/greeting';

test.each([
  ['index.html', undefined, 'index.html'],
  ['index.html', 'docs', 'docs/index.html'],
  ['home.htm', 'docs/api', 'docs/api/home.htm'],
])('the page %s of %s lies at %s', (document, scope, key) => {
  expect(greetingKey(document, scope)).toBe(key);
});

test('the page names its site; that of the longest name is no larger than a page of ours may be', () => {
  const longest = `${'a'.repeat(51)}.example.org`;
  expect(greetingPage(longest)).toContain(`<h1>${longest}</h1>`);
  expect(Buffer.byteLength(greetingPage(longest))).toBeLessThanOrEqual(GREETING_BYTES);
});

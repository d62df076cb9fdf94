import { configDocument, memberOf, withMember } from '../../../../../src/domain/website/distribution/rules/document';

const CONFIG = '<DistributionConfig xmlns="ns"><A><B>1</B></A><B x="</B>">2</B><C/></DistributionConfig>';

test.each([
  ['nothing', undefined, undefined],
  ['no configuration', '<Distribution><Id>1</Id></Distribution>', undefined],
  ['no document', 'not XML', undefined],
  ['one without a namespace', '<D><DistributionConfig/></D>', '<DistributionConfig/>'],
  [
    'the namespace of its answer',
    '<D xmlns="n"><DistributionConfig><A/></DistributionConfig></D>',
    '<DistributionConfig xmlns="n"><A/></DistributionConfig>',
  ],
  ['its own namespace', '<D xmlns="n"><DistributionConfig xmlns="m"/></D>', '<DistributionConfig xmlns="m"/>'],
])('an answer with %s', (_, answer, expected) => {
  expect(configDocument(answer)).toBe(expected);
});

test('a member is one of the configuration itself, whatever has its name further down', () => {
  expect(memberOf(CONFIG, 'B')).toBe('<B x="</B>">2</B>');
  expect(memberOf(CONFIG, 'C')).toBe('<C/>');
  expect(memberOf(CONFIG, 'D')).toBeUndefined();
  expect(withMember(CONFIG, 'B', '<B>3</B>')).toBe(
    '<DistributionConfig xmlns="ns"><A><B>1</B></A><B>3</B><C/></DistributionConfig>',
  );
  expect(withMember(CONFIG, 'D', '<D/>')).toBe(CONFIG.replace('<C/>', '<C/><D/>'));
});

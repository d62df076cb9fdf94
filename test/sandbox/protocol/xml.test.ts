import { XMLParser } from 'fast-xml-parser';
import { writeXml } from '../../../src/sandbox/protocol/xml';

const HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';

describe('writeXml', () => {
  it.each([
    ['scalars in their order', { A: 'x', B: 1, C: false }, '<R><A>x</A><B>1</B><C>false</C></R>'],
    [
      'arrays as repeated elements',
      { A: { member: ['x', 'y'] } },
      '<R><A><member>x</member><member>y</member></A></R>',
    ],
    ['an empty list as an empty element', { A: { member: [] } }, '<R><A></A></R>'],
    ['undefined as nothing', { A: undefined, B: '' }, '<R><B></B></R>'],
    ['attributes and text', { '@a': '1"2', '#text': 'x' }, '<R a="1&quot;2">x</R>'],
    ['a scalar root', 'us-east-1', '<R>us-east-1</R>'],
    ['no value', undefined, '<R></R>'],
  ])('writes %s', (_title, value, expected) => {
    expect(writeXml('R', value)).toBe(HEADER + expected);
  });

  it('gives the root a namespace, whatever it holds', () => {
    expect(writeXml('R', { A: 1 }, 'urn:x')).toBe(`${HEADER}<R xmlns="urn:x"><A>1</A></R>`);
    expect(writeXml('R', 'x', 'urn:x')).toBe(`${HEADER}<R xmlns="urn:x">x</R>`);
  });

  it('lets no text break out', () => {
    const text = '</A><B>&amp;"\'\u{1F986}';
    expect(new XMLParser().parse(writeXml('R', { A: text }))).toEqual({ '?xml': '', R: { A: text } });
  });

  it('keeps carriage returns and drops what XML cannot hold', () => {
    expect(writeXml('R', 'a\r\u0000b')).toBe(`${HEADER}<R>a&#13;\ufffdb</R>`);
  });
});

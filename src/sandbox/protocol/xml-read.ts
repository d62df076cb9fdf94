import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AwsRefusal } from '../contract';

/** An element of a request document; attributes and namespaces carry no meaning in the calls served here. */
export interface XmlElement {
  readonly name: string;
  /** Character data directly inside the element, entities resolved, white space kept. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
});

/** Makes MalformedXML, the answer to any document that does not parse or does not fit its schema. */
export function malformedXml(): AwsRefusal {
  return new AwsRefusal(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** The parser itself is lenient. */
function isWellFormed(source: string): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the successor is the same code as one more package
  return XMLValidator.validate(source) === true;
}

/**
 * Reads the root element of a request body. Document type declarations are refused.
 * @throws {MalformedXML} when the body is no such document
 */
export function readXml(body: Buffer): XmlElement {
  const source = body.toString('utf8');
  if (source.trim() === '' || source.includes('<!DOCTYPE') || !isWellFormed(source)) throw malformedXml();
  const roots = toElements(parser.parse(source));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw malformedXml();
  return root;
}

/** The parser's ordered form: one object an element, `#text` objects for character data. */
function toElements(nodes: unknown): readonly XmlElement[] {
  if (!Array.isArray(nodes)) throw malformedXml();
  return nodes.flatMap((node: unknown) => {
    if (typeof node !== 'object' || node === null) throw malformedXml();
    const [entry] = Object.entries(node);
    if (entry === undefined) throw malformedXml();
    const [name, inner] = entry as [string, unknown];
    return name === '#text' ? [] : [{ name, text: textOf(inner), children: toElements(inner) }];
  });
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes
    .map((node: unknown) => (typeof node === 'object' && node !== null && '#text' in node ? String(node['#text']) : ''))
    .join('');
}

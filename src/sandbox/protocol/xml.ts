/** The one XML encoder of the sandbox: plain objects in, a document out. */

export type XmlScalar = string | number | boolean;

/**
 * Members become child elements in their own order. A member named `@name` becomes an attribute, `#text` the
 * element's text beside attributes.
 */
export interface XmlObject {
  readonly [member: string]: XmlValue;
}

/** Arrays repeat their element, `undefined` is left out, an empty object is an empty element. */
export type XmlValue = XmlScalar | undefined | XmlObject | readonly XmlValue[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare CR would be read back as LF (XML 1.0, 2.11).
  '\r': '&#13;',
};

/** Makes text safe for content and attributes; characters XML 1.0 cannot hold at all become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
      // eslint-disable-next-line no-control-regex -- control characters are the very thing looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}

function isScalar(value: XmlValue): value is XmlScalar {
  return typeof value !== 'object' && value !== undefined;
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

/** Attributes and text are scalars; anything else there is left out. */
function scalarText(value: XmlValue): string {
  return isScalar(value) ? escapeXml(String(value)) : '';
}

function writeElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => writeElement(name, item)).join('');
  if (isScalar(value)) return `<${name}>${escapeXml(String(value))}</${name}>`;
  let attributes = '';
  let content = '';
  for (const [member, child] of Object.entries(value)) {
    if (child === undefined) continue;
    if (member.startsWith('@')) attributes += ` ${member.slice(1)}="${scalarText(child)}"`;
    else if (member === '#text') content += scalarText(child);
    else content += writeElement(member, child);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

/** Writes a whole document with declaration. `namespace` becomes the root's `xmlns`. */
export function writeXml(root: string, value: XmlObject | XmlScalar | undefined, namespace?: string): string {
  const content: XmlObject = isScalar(value) ? { '#text': value } : (value ?? {});
  const attributes = namespace === undefined ? {} : { '@xmlns': namespace };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(root, { ...attributes, ...content })}`;
}

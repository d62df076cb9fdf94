import { malformedXml, readXml, type XmlElement } from './xml-read';

/**
 * Request documents described as data: a shape turns an element into a plain value, or throws MalformedXML. Members
 * keep the names of the wire, so that the same value can be written back by the XML writer.
 */
export type Shape<T> = (element: XmlElement) => T;

/** How often a member may stand in its parent; `take` is given every element of its name. */
export interface Member<T> {
  readonly take: (elements: readonly XmlElement[]) => T;
}

export type ShapeType<S> = S extends Shape<infer T> ? T : never;
type MemberType<M> = M extends Member<infer T> ? T : never;

export const text: Shape<string> = (element) => {
  if (element.children.length > 0) throw malformedXml();
  return element.text;
};

/** Reads a number in decimal notation, possibly negative: ranges are the business of rules, not of the schema. */
export const integer: Shape<number> = (element) => {
  const source = text(element).trim();
  if (!/^[+-]?\d{1,15}$/.test(source)) throw malformedXml();
  return Number(source);
};

export const bool: Shape<boolean> = (element) => {
  const source = text(element).trim().toLowerCase();
  if (source !== 'true' && source !== 'false') throw malformedXml();
  return source === 'true';
};

/** Reads an enumeration; compared exactly. */
export function oneOf<const V extends string>(...values: readonly V[]): Shape<V> {
  return (element) => {
    const source = text(element).trim();
    const found = values.find((value) => value === source);
    if (found === undefined) throw malformedXml();
    return found;
  };
}

export function required<T>(shape: Shape<T>): Member<T> {
  return {
    take: (elements) => {
      const [first] = elements;
      if (first === undefined || elements.length > 1) throw malformedXml();
      return shape(first);
    },
  };
}

export function optional<T>(shape: Shape<T>): Member<T | undefined> {
  return {
    take: (elements) => {
      if (elements.length > 1) throw malformedXml();
      const [first] = elements;
      return first === undefined ? undefined : shape(first);
    },
  };
}

/** Reads at least `least`, at most `most` elements of one name. */
export function many<T>(shape: Shape<T>, least = 0, most = Infinity): Member<readonly T[]> {
  return {
    take: (elements) => {
      if (elements.length < least || elements.length > most) throw malformedXml();
      return elements.map((element) => shape(element));
    },
  };
}

/**
 * Reads an element with exactly these members in any order; an unknown member is MalformedXML, as AWS's schema has it.
 */
export function struct<M extends Readonly<Record<string, Member<unknown>>>>(
  members: M,
): Shape<{ readonly [K in keyof M]: MemberType<M[K]> }> {
  return (element) => {
    for (const child of element.children) if (!Object.hasOwn(members, child.name)) throw malformedXml();
    const entries = Object.entries(members).map(([name, member]) => [
      name,
      member.take(element.children.filter((child) => child.name === name)),
    ]);
    // The entries are built from `members` itself, key by key.
    return Object.fromEntries(entries) as { readonly [K in keyof M]: MemberType<M[K]> };
  };
}

/**
 * Reads a request body whose root element is `root`.
 * @throws {MalformedXML} when it is another, or does not have the shape
 */
export function decodeXml<T>(body: Buffer, root: string, shape: Shape<T>): T {
  const element = readXml(body);
  if (element.name !== root) throw malformedXml();
  return shape(element);
}

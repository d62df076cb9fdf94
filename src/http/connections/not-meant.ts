import { resolve } from '../contract/document';

/**
 * `null` in a request says "not meant": generated clients send it for whatever their caller left out. Such members are taken
 * out before anything looks at the body, so that nobody has to tell the two apart.
 */

type Place = ReturnType<typeof resolve>;

/**
 * Gives the value without members that are null and may be absent by the schema at `pointer` of openapi.yaml; free-form
 * parts stay as they are.
 */
export function withoutNotMeant(value: unknown, pointer: string): unknown {
  return meantOf(value, shapeAt(pointer));
}

function meantOf(value: unknown, shape: Place | undefined): unknown {
  if (typeof value !== 'object' || value === null || shape === undefined) return value;
  if (Array.isArray(value)) {
    // Once for all of them: a body may hold very many.
    const items = 'items' in shape.value ? shapeAt(`${shape.pointer}/items`) : undefined;
    return items === undefined ? value : value.map((item) => meantOf(item, items));
  }
  const { properties = {}, required } = shape.value;
  const known = Object.keys(properties ?? {});
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      // What the schema does not know is for the check to refuse.
      if (!known.includes(name)) return [[name, member]];
      if (member === null && !isRequired(name)) return [];
      return [[name, meantOf(member, shapeAt(`${shape.pointer}/properties/${name}`))]];
    }),
  );
}

/** Where the schema says what objects and lists hold: itself, or one of its alternatives. undefined: it does not say. */
function shapeAt(pointer: string): Place | undefined {
  const place = resolve(pointer);
  if ('properties' in place.value || 'items' in place.value) return place;
  const { anyOf } = place.value;
  const alternatives = [
    ...(Array.isArray(anyOf) ? anyOf.map((_, index) => `${place.pointer}/anyOf/${String(index)}`) : []),
    ...('else' in place.value ? [`${place.pointer}/else`] : []),
  ];
  return alternatives.map(shapeAt).find((found) => found !== undefined);
}

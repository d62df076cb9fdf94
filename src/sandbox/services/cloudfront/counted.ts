import { type Shape, integer, many, optional, required, struct } from '../../protocol/xml-shape';
import { refuse } from './refusals';

/** A list with its length beside it, as CloudFront writes every list. */
export type Counted<Name extends string, T> = Readonly<{
  Quantity: number;
  Items: { readonly [K in Name]: readonly T[] } | undefined;
}>;

/**
 * Reads `<Quantity>2</Quantity><Items><Name/><Name/></Items>`. An empty list keeps no `Items`.
 * @throws {InconsistentQuantities} when the number is not that of the items
 */
export function counted<Name extends string, T>(name: Name, item: Shape<T>): Shape<Counted<Name, T>> {
  const shape = struct({ Quantity: required(integer), Items: optional(struct({ [name]: many(item) })) });
  return (element) => {
    const { Quantity, Items } = shape(element);
    // A struct of one computed name has exactly that member.
    const items = (Items as { readonly [K in Name]: readonly T[] } | undefined)?.[name] ?? [];
    checkQuantity(Quantity, items.length);
    return countedList(name, items);
  };
}

/**
 * Checks that a list is as long as its `Quantity` says.
 * @throws {InconsistentQuantities} when not
 */
export function checkQuantity(quantity: number, length: number): void {
  if (quantity !== length)
    refuse('InconsistentQuantities', 'The value of Quantity and the size of Items do not match.');
}

export function countedList<Name extends string, T>(name: Name, items: readonly T[]): Counted<Name, T> {
  // An object of one computed name.
  return {
    Quantity: items.length,
    Items: items.length === 0 ? undefined : ({ [name]: items } as { [K in Name]: readonly T[] }),
  };
}

/** Lists the items of a list, none when the list is absent. */
export function itemsOf<Name extends string, T>(name: Name, list: Counted<Name, T> | undefined): readonly T[] {
  return list?.Items?.[name] ?? [];
}

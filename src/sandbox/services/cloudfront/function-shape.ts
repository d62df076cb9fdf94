import { many, oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { counted } from './counted';

/** Source text of a function, base64 as it came. */
export type FunctionCode = string;

export const functionConfigShape = struct({
  Comment: required(text),
  Runtime: required(oneOf('cloudfront-js-1.0', 'cloudfront-js-2.0')),
  KeyValueStoreAssociations: optional(
    counted('KeyValueStoreAssociation', struct({ KeyValueStoreARN: required(text) })),
  ),
});

export type FunctionConfig = ShapeType<typeof functionConfigShape>;

const MEMBERS = { FunctionConfig: required(functionConfigShape), FunctionCode: required(text) };

export const createFunctionShape = struct({
  Name: required(text),
  ...MEMBERS,
  Tags: optional(
    struct({ Items: optional(struct({ Tag: many(struct({ Key: required(text), Value: optional(text) })) })) }),
  ),
});
export const updateFunctionShape = struct(MEMBERS);

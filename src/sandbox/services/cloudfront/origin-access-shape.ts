import { oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';

/** Source: CloudFront API reference, OriginAccessControlConfig. */
export const originAccessShape = struct({
  Name: required(text),
  Description: optional(text),
  SigningProtocol: required(oneOf('sigv4')),
  SigningBehavior: required(oneOf('never', 'always', 'no-override')),
  OriginAccessControlOriginType: required(oneOf('s3', 'mediastore', 'mediapackagev2', 'lambda')),
});

export type OriginAccessControlConfig = ShapeType<typeof originAccessShape>;

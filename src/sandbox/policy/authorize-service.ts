/** Whether an AWS service may do one thing by itself, e.g. CloudFront read a bucket through an origin access control. */
import type { Permission } from '../contract';
import { evaluateResource } from './evaluate';

/**
 * Decides about a call of an AWS service: only the resource's own policy can let one in; RestrictPublicBuckets does not
 * shut services out. Source: S3 User Guide, "Blocking public access", RestrictPublicBuckets.
 */
export function authorizeService(
  service: string,
  permission: Permission,
  conditions: Readonly<Record<string, string | readonly string[]>>,
): boolean {
  const entries = Object.entries({ ...conditions, ...permission.conditions });
  const keys = new Map(
    entries.map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? [value] : value] as const),
  );
  const question = { action: permission.action, resource: permission.resource, keys };
  return (
    evaluateResource(permission.resourcePolicy, 'resource', question, { kind: 'service', service }).verdict === 'allow'
  );
}

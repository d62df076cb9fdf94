import { randomUUID } from 'node:crypto';
import { malformedXml } from '../../protocol/xml-read';
import { bool, integer, many, oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { AwsRefusal } from '../../contract';
import { invalidRequest } from './refusals';

/** Lifecycle rules: their document and what S3 demands of them. Source: S3 API Reference, LifecycleRule. */

const storageClass = oneOf('STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE');
const tagShape = struct({ Key: required(text), Value: required(text) });
const sizes = { ObjectSizeGreaterThan: optional(integer), ObjectSizeLessThan: optional(integer) };

const ruleShape = struct({
  ID: optional(text),
  Filter: optional(
    struct({
      Prefix: optional(text),
      Tag: optional(tagShape),
      ...sizes,
      And: optional(struct({ Prefix: optional(text), Tag: many(tagShape), ...sizes })),
    }),
  ),
  Prefix: optional(text),
  Status: required(oneOf('Enabled', 'Disabled')),
  Expiration: optional(
    struct({ Days: optional(integer), Date: optional(text), ExpiredObjectDeleteMarker: optional(bool) }),
  ),
  Transition: many(struct({ Days: optional(integer), Date: optional(text), StorageClass: required(storageClass) })),
  NoncurrentVersionTransition: many(
    struct({
      NoncurrentDays: optional(integer),
      NewerNoncurrentVersions: optional(integer),
      StorageClass: required(storageClass),
    }),
  ),
  NoncurrentVersionExpiration: optional(
    struct({ NoncurrentDays: optional(integer), NewerNoncurrentVersions: optional(integer) }),
  ),
  AbortIncompleteMultipartUpload: optional(struct({ DaysAfterInitiation: optional(integer) })),
});

/** A configuration holds 1 to 1,000 rules. */
export const lifecycleShape = struct({ Rule: many(ruleShape, 1, 1000) });

export type LifecycleConfiguration = ShapeType<typeof lifecycleShape>;
type Rule = ShapeType<typeof ruleShape>;

const invalid = (message: string): AwsRefusal => new AwsRefusal(400, 'InvalidArgument', message);

function checkWhen(what: string, days: number | undefined, date: string | undefined, least: number): void {
  if ((days === undefined) === (date === undefined)) throw malformedXml();
  if (days !== undefined && days < least) {
    const wording = least === 0 ? 'nonnegative' : 'a positive';
    throw invalid(`'Days' for ${what} action must be ${wording} integer`);
  }
  if (date !== undefined && (Number.isNaN(Date.parse(date)) || Date.parse(date) % 86_400_000 !== 0)) {
    throw invalid("'Date' must be at midnight GMT");
  }
}

function checkExpiration(rule: Rule): void {
  const { Expiration: expiration } = rule;
  if (expiration === undefined) return;
  if (expiration.ExpiredObjectDeleteMarker !== undefined) {
    if (expiration.Days !== undefined || expiration.Date !== undefined) throw malformedXml();
    return;
  }
  checkWhen('Expiration', expiration.Days, expiration.Date, 1);
  for (const { Days: days } of rule.Transition) {
    if (expiration.Days !== undefined && days !== undefined && expiration.Days <= days) {
      throw invalid("'Days' in the Expiration action must be greater than 'Days' in the Transition action");
    }
  }
}

function checkTransitions(rule: Rule): void {
  for (const { Days: days, Date: date, StorageClass: target } of rule.Transition) {
    checkWhen('Transition', days, date, 0);
    if ((target === 'STANDARD_IA' || target === 'ONEZONE_IA') && days !== undefined && days < 30) {
      throw invalid(`'Days' in Transition action must be greater than or equal to 30 for storageClass '${target}'`);
    }
  }
  const targets = rule.Transition.map((transition) => transition.StorageClass);
  if (new Set(targets).size !== targets.length) {
    throw invalidRequest(`'StorageClass' must be different for 'Transition' actions in the same 'Rule'`);
  }
  for (const { NoncurrentDays: days } of rule.NoncurrentVersionTransition) {
    if (days === undefined) throw malformedXml();
    if (days < 0) throw invalid("'NoncurrentDays' for NoncurrentVersionTransition action must be nonnegative integer");
  }
}

function checkRule(rule: Rule): void {
  if ([...(rule.ID ?? '')].length > 255) throw invalid('ID length should not exceed allowed limit of 255');
  // The old form has Prefix in the rule itself, the new one a Filter: exactly one of them.
  if ((rule.Filter === undefined) === (rule.Prefix === undefined)) throw malformedXml();
  if (rule.Filter !== undefined && Object.values(rule.Filter).filter((member) => member !== undefined).length > 1) {
    throw malformedXml();
  }
  const noncurrent = rule.NoncurrentVersionExpiration;
  const abort = rule.AbortIncompleteMultipartUpload;
  const actions = [rule.Expiration, noncurrent, abort, ...rule.Transition, ...rule.NoncurrentVersionTransition];
  if (actions.every((action) => action === undefined)) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  checkTransitions(rule);
  checkExpiration(rule);
  if (noncurrent !== undefined) {
    if (noncurrent.NoncurrentDays === undefined) throw malformedXml();
    if (noncurrent.NoncurrentDays < 1) {
      throw invalid("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer");
    }
  }
  if (abort !== undefined) {
    if (abort.DaysAfterInitiation === undefined) throw malformedXml();
    if (abort.DaysAfterInitiation < 1) {
      throw invalid("'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer");
    }
    if (rule.Filter?.Tag !== undefined || (rule.Filter?.And?.Tag.length ?? 0) > 0) {
      throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.');
    }
  }
}

/**
 * Checks every rule and names the nameless.
 * @throws {InvalidArgument | InvalidRequest | MalformedXML} when S3 would not take one
 */
export function checkLifecycle(configuration: LifecycleConfiguration): LifecycleConfiguration {
  for (const rule of configuration.Rule) checkRule(rule);
  const named = configuration.Rule.map((rule) => ({
    ...rule,
    ID: rule.ID === undefined || rule.ID === '' ? randomUUID() : rule.ID,
  }));
  if (new Set(named.map((rule) => rule.ID)).size !== named.length) {
    throw invalid('Rule ID must be unique. Found same ID for more than one rule');
  }
  return { Rule: named };
}

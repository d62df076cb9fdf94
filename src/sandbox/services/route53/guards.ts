import type { Change, RecordSet } from './record-shape';
import { normalName } from './names';
import type { Zone } from './state';

/**
 * Change guardrails and record set protections. Source: Route 53 API reference of November 2026, ChangeGuardrail and
 * CreateResourceRecordSetProtections; their messages are not documented but for what they name.
 */

/** Tells what a zone's guardrails and protections have against changes; `after`: what would stand then. */
export function guardProblems(
  zone: Zone,
  changes: readonly Change[],
  after: ReadonlyMap<string, RecordSet>,
): readonly string[] {
  return changes.flatMap((change) => [...protectionProblems(zone, change), ...guardrailProblems(zone, change, after)]);
}

function protectionProblems({ protections = [] }: Zone, { ResourceRecordSet: record }: Change): readonly string[] {
  return protections
    .filter(({ name, type }) => normalName(name) === record.Name && type === record.Type)
    .map(
      ({ comment }) =>
        `Resource record set '${record.Type} ${record.Name}' has a resource record set protection${comment === undefined ? '' : `: ${comment}`}`,
    );
}

function guardrailProblems(
  { guardrails = [] }: Zone,
  { Action, ResourceRecordSet: record }: Change,
  after: ReadonlyMap<string, RecordSet>,
): readonly string[] {
  if (Action !== 'DELETE') return [];
  const standing = [...after.values()];
  const answered = standing.some(({ Name, Type }) => Name === record.Name && Type === record.Type);
  const isTarget = standing.some(
    ({ AliasTarget, Type }) => AliasTarget?.DNSName === record.Name && Type === record.Type,
  );
  const rejected = [
    // Nobody asks the sandbox for names: every name counts as one that is asked for.
    ...(answered ? [] : ['ACTIVE_RECORD_CHECK']),
    ...(isTarget && !answered ? ['ALIAS_TARGET_CHECK'] : []),
  ];
  return rejected
    .filter((name) => guardrails.includes(name))
    .map((name) => `Change guardrail ${name} rejected deleting '${record.Type} ${record.Name}'`);
}

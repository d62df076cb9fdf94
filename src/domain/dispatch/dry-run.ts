import { createHash } from 'node:crypto';
import { fail } from '../../base/errors';
import { type JsonValue, throughJson } from '../../base/json';
import type { Plan, Touch } from '../../engine/plan';
import type { AnyWrite, Target } from '../shared/operation';
import type { MadePlan } from './recipe';

/** What a write would do, found out by reads alone. */
export interface DryRun {
  readonly kind: string;
  readonly version: number;
  readonly title: string;
  readonly steps: readonly ToldStep[];
  /** What follows when the answer has reached its caller. */
  readonly whenDelivered: readonly ToldStep[];
  /** Some steps add more, once their results are known. */
  readonly mayGrow: boolean;
  readonly planDigest: string;
}

interface ToldStep {
  readonly title: string;
  readonly touches: readonly Touch[];
  /** Indexes of the steps that must be done first. */
  readonly dependsOn: readonly number[];
  readonly pointOfNoReturn: boolean;
  readonly mayGrow: boolean;
}

/** What was asked for, as the journal keeps it. */
export interface AskedFor {
  readonly target: Target;
  readonly input: unknown;
}

/** Stands for the operation's id where a plan is made that nobody runs. */
export const NO_OPERATION = '00000000-0000-0000-0000-000000000000';

/** Steps that a digest can tell apart: it is sent in a header. */
const MOST_MARKS = 100;
const MARK_LENGTH = 6;
const WHOLE_LENGTH = 43;
const DIGEST = /^[\w-]{43}(?:\.(?:[\w-]{6})*)$/;

/** Tells a plan to people and to `If-Plan-Match`. */
export function tellPlan({ kind, version }: AnyWrite, asked: AskedFor, { plan, follows }: MadePlan): DryRun {
  const steps = toldSteps(plan);
  const whenDelivered = follows ? toldSteps(follows) : [];
  return {
    kind,
    version,
    title: plan.title,
    steps,
    whenDelivered,
    mayGrow: steps.some((step) => step.mayGrow),
    planDigest: digestOf({ kind, version, ...asked, steps, whenDelivered }),
  };
}

const toldSteps = ({ steps }: Plan<unknown>): readonly ToldStep[] =>
  steps.map(({ title, touches = [], dependsOn, pivot, more }) => ({
    title,
    touches: throughJson(touches),
    dependsOn,
    pointOfNoReturn: pivot !== false,
    mayGrow: more !== undefined,
  }));

/**
 * Refuses a plan that is not the one of `digest`.
 * @throws {precondition-failed} with what differs first
 */
export function requirePlan({ steps, planDigest }: DryRun, digest: string): void {
  if (digest === planDigest) return;
  const detail = DIGEST.test(digest)
    ? `The plan is another by now: ${differenceFrom(digest, steps)}. Nothing was changed; ask for a dry run again.`
    : 'If-Plan-Match is not the planDigest of a dry run. Nothing was changed.';
  fail({ kind: 'precondition-failed', detail, planDigest });
}

/** The whole, and a mark of each step: who has only the digest of another plan can still say where they part. */
function digestOf(
  plan: { readonly steps: readonly ToldStep[] } & AskedFor & Readonly<Record<string, unknown>>,
): string {
  return `${hash(stable(plan))}.${marksOf(plan.steps).join('')}`;
}

/** JSON text that is the same whatever order the members came in. */
const stable = (value: unknown): string => JSON.stringify(sorted(throughJson(value) as JsonValue));

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

const marksOf = (steps: readonly ToldStep[]): readonly string[] =>
  steps.slice(0, MOST_MARKS).map(({ title, touches }) => hash(stable({ title, touches })).slice(0, MARK_LENGTH));

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(sorted);
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)));
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

function differenceFrom(digest: string, steps: readonly ToldStep[]): string {
  const before: readonly string[] =
    digest.slice(WHOLE_LENGTH + 1).match(new RegExp(`.{${String(MARK_LENGTH)}}`, 'g')) ?? [];
  const now = marksOf(steps);
  const index = Array.from({ length: Math.max(before.length, now.length) }, (_, at) => at).find(
    (at) => before[at] !== now[at],
  );
  if (index === undefined) return 'the same steps wait for others, or the request asks for something else';
  const [then, next, title] = [before[index], now[index], steps[index]?.title];
  const number = String(index + 1);
  const isGone = then !== undefined && !now.includes(then);
  if (title === undefined || next === undefined) return `step ${number} of the dry run was removed`;
  const isNew = !before.includes(next);
  if (isNew) return isGone ? `step ${number} was changed to "${title}"` : `step ${number} "${title}" was added`;
  return isGone
    ? `step ${number} of the dry run was removed`
    : `the order was changed from step ${number} "${title}" on`;
}

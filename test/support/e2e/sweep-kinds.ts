import type { FaultRule, FaultTarget } from '../../../src/sandbox/faults';
import { isAuditor } from './target';

/** One AWS call of a write, told from the others by what it is about, not by when it comes: calls run side by side. */
export interface SweptCall {
  readonly service: string;
  readonly operation: string;
  /** Operation and parameters. */
  readonly key: string;
  /** Calls with the same key that come before it. */
  readonly nth: number;
}

export const isRead = ({ operation }: Pick<SweptCall, 'operation'>): boolean =>
  /^(Get|List|Head|Describe)/.test(operation);

/** Ways to fail. `once`: the call alone; `on`: the call, and from then on every call of the same operation. */
export const KINDS = {
  'denied once': { rule: { kind: 'refuse' }, lasts: false },
  'denied on': { rule: { kind: 'refuse' }, lasts: true },
  'throttled once': { rule: { kind: 'throttle' }, lasts: false },
  'throttled on': { rule: { kind: 'throttle' }, lasts: true },
  '5xx once': { rule: { kind: 'error' }, lasts: false },
  '5xx on': { rule: { kind: 'error' }, lasts: true },
  'aborted once': { rule: { kind: 'operation-aborted' }, lasts: false },
  'reply lost (reset) once': { rule: { kind: 'lost-reply', reply: 'reset' }, lasts: false },
  'reply lost (500) once': { rule: { kind: 'lost-reply', reply: '500' }, lasts: false },
  'reply lost on': { rule: { kind: 'lost-reply', reply: 'reset' }, lasts: true },
} as const satisfies Readonly<Record<string, { readonly rule: FaultRule; readonly lasts: boolean }>>;

export type Kind = keyof typeof KINDS;

/** A read has no effect, so its lost reply is the same as a 5xx, and nothing can be in its way. */
const OF_READS: readonly Kind[] = [
  'denied once',
  'throttled once',
  'throttled on',
  '5xx once',
  '5xx on',
  'reply lost (reset) once',
];

export function kindsFor(call: SweptCall): readonly Kind[] {
  return isRead(call) ? OF_READS : (Object.keys(KINDS) as Kind[]);
}

/** The rule that makes `call` fail in the way `kind`, and no call of the auditor's. */
export function ruleFor(call: SweptCall, kind: Kind): FaultRule {
  const { rule, lasts } = KINDS[kind];
  let seen = 0;
  let armed = false;
  return {
    ...rule,
    matching: (target) => {
      if (
        isAuditor(target.request.headers['user-agent']) ||
        target.service !== call.service ||
        target.operation !== call.operation
      )
        return false;
      if (armed) return lasts;
      if (keyOf(target) !== call.key || (seen += 1) <= call.nth) return false;
      armed = true;
      return true;
    },
  };
}

/** A rule that hits nothing and writes down every call that is not the auditor's. */
export function recorder(calls: SweptCall[]): FaultRule {
  const seen = new Map<string, number>();
  return {
    kind: 'latency',
    ms: 0,
    matching: (target) => {
      if (isAuditor(target.request.headers['user-agent'])) return false;
      const key = keyOf(target);
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      calls.push({ service: target.service, operation: target.operation, key, nth });
      return false;
    },
  };
}

function keyOf({ operation, request }: FaultTarget): string {
  const parameters = request.rawPath === '/' ? request.body.toString('utf8').split('&').sort().join('&') : '';
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  // Distributions are named anew in every run.
  const path = request.rawPath.replace(/\bE[A-Z0-9]{13}\b/g, 'E').replace(/(?<=mallard-probe-).*/, 'OPERATION');
  return `${operation} ${path} ${parameters.replace(uuid, 'UUID').replace(/%2FE[A-Z0-9]{13}\b/g, '%2FE')}`;
}

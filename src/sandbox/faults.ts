/**
 * Failures on demand, for tests: by operation, by count, before or after the effect. Nothing here is ever on by itself.
 */
import { AwsRefusal, type CallContext, type WireRequest } from './contract';
import { type Consistency, type Lag, createConsistency } from './consistency';

export type FaultKind =
  /** The service's own throttling code, without effect. */
  | 'throttle'
  /** A server-side error, without effect. */
  | 'error'
  /** AccessDenied, without effect. */
  | 'refuse'
  /** A concurrent change is in the way: OperationAborted from S3, ConcurrentModification from IAM, PriorRequestNotComplete
   * from Route 53. Without effect. */
  | 'operation-aborted'
  /** The connection breaks before anything happened. */
  | 'reset'
  /** The call takes effect, its answer is lost. */
  | 'lost-reply'
  /** The call is held for `ms` real milliseconds, then goes on. */
  | 'latency';

/** A call as rules see it. */
export interface FaultTarget {
  readonly service: string;
  readonly operation: string;
  readonly request: WireRequest;
  readonly context: CallContext;
}

export interface FaultRule {
  readonly kind: FaultKind;
  /** Signing name; every service when absent. */
  readonly service?: string;
  /** Operation, or several; every operation when absent. */
  readonly operation?: string | readonly string[];
  /** Matching calls that go through first. Default 0. */
  readonly skip?: number;
  /** Calls that are hit after that. Default: all, until removed. */
  readonly count?: number;
  /** Status and code instead of those of the kind. */
  readonly status?: number;
  readonly code?: string;
  /** For `latency`. Default 100. */
  readonly ms?: number;
  /** For `lost-reply`: break the connection (default) or answer 500. */
  readonly reply?: 'reset' | '500';
  readonly matching?: (target: FaultTarget) => boolean;
}

export interface FaultHandle {
  readonly remove: () => void;
  /** Calls that the rule hit so far. */
  readonly hits: number;
}

export interface Faults {
  /** Adds a rule. Rules are asked in the order they were added; latencies add up, of the others the first one acts. */
  readonly add: (rule: FaultRule) => FaultHandle;
  /**
   * IAM entities and keys made from now on are invisible at first: to the next `n` calls that would show or name
   * them, or for `n` milliseconds of the sandbox's clock.
   */
  readonly eventualConsistency: (lag: Lag) => { readonly remove: () => void };
  /** Removes every rule and every lag. */
  readonly clear: () => void;
}

/** What befalls one call. */
export interface Fate {
  readonly latencyMs: number;
  readonly fault: FaultRule | undefined;
}

const THROTTLE: Readonly<Record<string, readonly [number, string, string]>> = {
  s3: [503, 'SlowDown', 'Please reduce your request rate.'],
  iam: [400, 'Throttling', 'Rate exceeded'],
  sts: [400, 'Throttling', 'Rate exceeded'],
  cloudfront: [400, 'Throttling', 'Rate exceeded'],
  route53: [400, 'Throttling', 'Rate exceeded'],
  acm: [400, 'ThrottlingException', 'Rate exceeded'],
};
const ERROR: Readonly<Record<string, readonly [number, string, string]>> = {
  s3: [500, 'InternalError', 'We encountered an internal error. Please try again.'],
  iam: [500, 'ServiceFailure', 'The request processing has failed because of an unknown error, exception or failure.'],
};
const ABORTED: Readonly<Record<string, readonly [number, string, string]>> = {
  s3: [
    409,
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  ],
  iam: [
    409,
    'ConcurrentModification',
    'The request was rejected because multiple requests to change this object were submitted simultaneously.',
  ],
  route53: [
    400,
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  ],
};

/** Makes the refusal a rule answers with; for `lost-reply` the one that hides a success. */
export function faultRefusal(rule: FaultRule, service: string): AwsRefusal {
  const table = rule.kind === 'throttle' ? THROTTLE : rule.kind === 'operation-aborted' ? ABORTED : ERROR;
  const [status, code, message] =
    rule.kind === 'refuse'
      ? [403, 'AccessDenied', 'Access Denied']
      : (table[service] ?? [500, 'InternalFailure', 'The request processing has failed because of an unknown error.']);
  return new AwsRefusal(rule.status ?? status, rule.code ?? code, message);
}

interface Active {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

function applies(rule: FaultRule, target: FaultTarget): boolean {
  if (rule.service !== undefined && rule.service !== target.service) return false;
  const named = rule.operation;
  if (typeof named === 'string' ? named !== target.operation : named !== undefined && !named.includes(target.operation))
    return false;
  return rule.matching === undefined || rule.matching(target);
}

export interface FaultEngine {
  readonly faults: Faults;
  readonly consistency: Consistency;
  /** Counts the call against every rule and says what befalls it. */
  readonly fate: (target: FaultTarget) => Fate;
}

export function createFaults(now: () => number): FaultEngine {
  const active = new Set<Active>();
  const consistency = createConsistency(now);

  const fate = (target: FaultTarget): Fate => {
    let latencyMs = 0;
    let fault: FaultRule | undefined;
    for (const entry of active) {
      const { rule } = entry;
      if (!applies(rule, target)) continue;
      // Only one rule acts on a call, so a later one must not use itself up on it.
      if (rule.kind !== 'latency' && fault !== undefined) continue;
      entry.seen += 1;
      const skip = rule.skip ?? 0;
      if (entry.seen <= skip || entry.seen > skip + (rule.count ?? Infinity)) continue;
      entry.hits += 1;
      if (rule.kind === 'latency') latencyMs += rule.ms ?? 100;
      else fault = rule;
    }
    return { latencyMs, fault };
  };

  const faults: Faults = {
    add: (rule) => {
      const entry: Active = { rule, seen: 0, hits: 0 };
      active.add(entry);
      return {
        remove: () => void active.delete(entry),
        get hits() {
          return entry.hits;
        },
      };
    },
    eventualConsistency: (lag) => {
      consistency.setLag(lag);
      return { remove: () => consistency.setLag(undefined) };
    },
    clear: () => {
      active.clear();
      consistency.setLag(undefined);
    },
  };
  return { faults, consistency, fate };
}

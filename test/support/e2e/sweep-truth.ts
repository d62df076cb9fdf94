import { isRead, type Kind, type SweptCall } from './sweep-kinds';
import type { Reply } from './world';

/** A problem document, as far as it speaks of what failed. */
export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly code?: string;
  readonly retryable: boolean;
  readonly setting?: string;
  readonly operationId?: string;
  readonly state?: string;
  readonly failedStep?: string;
  readonly undone?: readonly string[];
  readonly undoing?: readonly string[];
  readonly finishing?: readonly string[];
  readonly left?: readonly { readonly step: string; readonly detail?: string; readonly code?: string }[];
}

interface Expected {
  readonly status: number;
  readonly codes: readonly (string | undefined)[];
  readonly waits: boolean;
}

/** What an error answer says wrongly about the failure that was made; failures that a pause heals must not end in one. */
export function falsehoods(problem: Problem, answer: Reply, call: SweptCall, kind: Kind): readonly string[] {
  const wrong: string[] = [];
  const isHead = call.operation.startsWith('Head');
  const expected = expectedOf(call, kind);
  if (expected === undefined) return [`a failure that heals ended in ${answer.text}`];
  const told = `${problem.status} ${problem.code ?? '-'}: ${problem.detail}`;
  if (problem.status !== answer.status) wrong.push(`the document says ${problem.status}, the answer ${answer.status}`);
  if (!expected.some(({ status }) => status === answer.status))
    wrong.push(`expected ${expected.map(({ status }) => status).join(' or ')}, was told ${told}`);
  const fitting = expected.find(({ status }) => status === answer.status);
  if (fitting && !fitting.codes.includes(problem.code))
    wrong.push(`expected the code ${fitting.codes.join(' or ')}, was told ${told}`);
  if (fitting && fitting.waits !== answer.headers.has('retry-after'))
    wrong.push(`Retry-After ${fitting.waits ? 'is missing' : 'makes no sense'}: ${told}`);
  if (fitting && fitting.waits !== problem.retryable) wrong.push(`retryable is ${problem.retryable}: ${told}`);
  // HEAD answers have no body and so no code; what they mean is said in words of our own.
  if (!isHead && !problem.detail.includes(call.operation))
    wrong.push(`the detail does not name ${call.operation}: ${told}`);
  if (!isRead(call) && problem.failedStep === undefined) wrong.push(`no failedStep: ${answer.text}`);
  // What is refused before an operation begins has neither an operation nor a state.
  if (problem.state === undefined && problem.operationId !== undefined) wrong.push(`no state: ${answer.text}`);
  if (problem.state === 'rollback-failed' && (problem.left ?? []).length === 0)
    wrong.push(`rollback-failed with nothing left: ${answer.text}`);
  const open = [...(problem.undoing ?? []), ...(problem.finishing ?? [])];
  if ((problem.state === 'running') !== open.length > 0)
    wrong.push(`${problem.state ?? 'no state'} with ${String(open.length)} steps to go: ${answer.text}`);
  return wrong;
}

/** API.md: AccessDenied → 403, throttling → 429, AWS 5xx or unreachable → 503; the log bucket is the operator's → 500. */
function expectedOf(call: SweptCall, kind: Kind): readonly Expected[] | undefined {
  const isHead = call.operation.startsWith('Head');
  switch (kind) {
    case 'denied once':
    case 'denied on':
      if (call.operation === 'PutBucketLogging') return [{ status: 500, codes: ['AccessDenied'], waits: false }];
      // A bucket that may not be looked at is somebody else's: its name is taken.
      if (isHead)
        return [
          { status: 403, codes: [undefined], waits: false },
          { status: 409, codes: [undefined], waits: false },
        ];
      // ACM speaks JSON, and has a word of its own.
      return [
        { status: 403, codes: [call.service === 'acm' ? 'AccessDeniedException' : 'AccessDenied'], waits: false },
      ];
    case 'throttled on':
      // S3 throttles with 503; without a body nobody can tell it from an outage.
      if (isHead) return [{ status: 503, codes: [undefined], waits: true }];
      return [{ status: 429, codes: ['SlowDown', 'Throttling', 'ThrottlingException'], waits: true }];
    case '5xx on':
      return [
        {
          status: 503,
          codes: isHead ? [undefined] : ['InternalError', 'ServiceFailure', 'InternalFailure'],
          waits: true,
        },
      ];
    case 'reply lost on':
      return [{ status: 503, codes: [undefined], waits: true }];
    case 'throttled once':
    case '5xx once':
    case 'aborted once':
    case 'reply lost (reset) once':
    case 'reply lost (500) once':
      return undefined;
  }
}

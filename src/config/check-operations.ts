import { defaults } from './defaults';
import type { Draft, FileConfig } from './file-shape';
import { type ConfigProblem, describe, pointerTo } from './problems';

type Operations = NonNullable<Draft<FileConfig>['operations']>;

/** Checks what the schema cannot say of `operations`; `names` are those of all accounts. */
export function checkOperations({ operations }: Draft<FileConfig>, names: readonly string[]): readonly ConfigProblem[] {
  if (operations === undefined) return [];
  return [...checkAccount(operations, names), ...checkLease(operations)];
}

function checkAccount({ account }: Operations, names: readonly string[]): readonly ConfigProblem[] {
  if (account === undefined || names.includes(account)) return [];
  return [
    {
      pointer: '/operations/account',
      found: describe(account),
      allowed: `one of the configured accounts: ${names.join(', ')}`,
    },
  ];
}

/** A call that was sent with a valid lease must be over when another process takes over, and a lease must outlive lost signs of life. */
function checkLease(operations: Operations): readonly ConfigProblem[] {
  if (operations.store !== 's3') return [];
  const { leaseSeconds, callTimeoutSeconds, heartbeatSeconds } = { ...defaults, ...given(operations) };
  const places = (...members: (keyof Operations)[]): string =>
    pointerTo('/operations', members.find((member) => operations[member] !== undefined) ?? 'leaseSeconds');
  const ofLease = `a lease of ${String(leaseSeconds)} s`;
  return [
    ...(covers(leaseSeconds, 2 * callTimeoutSeconds)
      ? []
      : [
          {
            pointer: places('leaseSeconds', 'callTimeoutSeconds'),
            found: `${ofLease} beside calls that may take ${String(callTimeoutSeconds)} s`,
            allowed: 'leaseSeconds of at least twice callTimeoutSeconds',
          },
        ]),
    ...(covers(leaseSeconds, 3 * heartbeatSeconds)
      ? []
      : [
          {
            pointer: places('heartbeatSeconds', 'leaseSeconds'),
            found: `a sign of life every ${String(heartbeatSeconds)} s for ${ofLease}`,
            allowed: 'heartbeatSeconds of at most a third of leaseSeconds',
          },
        ]),
  ];
}

/** In whole milliseconds: three times 0.4 is more than 1.2 as numbers are. */
const covers = (seconds: number, needed: number): boolean => Math.round(seconds * 1_000) >= Math.round(needed * 1_000);

/** Without members that are undefined, which would hide defaults. */
function given({ leaseSeconds, callTimeoutSeconds, heartbeatSeconds }: Operations) {
  return {
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(callTimeoutSeconds !== undefined && { callTimeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
  };
}

import type { OperationState, OperationSummary, ShownOperation } from '../domain/shared/history';

/** What a row of a list shows, packed into the key of its operation: pages are made of keys alone. */

type Resource = OperationSummary['resources'][number];
type Packed = {
  readonly k: string;
  readonly s: OperationState;
  /** Milliseconds from beginning to end. */
  readonly e: number;
  readonly t?: string | undefined;
  readonly r?: readonly (readonly [string, string])[];
  readonly o?: string | undefined;
  readonly a?: string | undefined;
  readonly q?: string | undefined;
  readonly m?: string | undefined;
  readonly p?: string | undefined;
  /** Kind and detail of the error, and AWS's code. */
  readonly x?: readonly string[] | undefined;
  readonly n?: number;
  /** Something did not fit in. */
  readonly more?: 1;
};

export interface Summary {
  readonly row: OperationSummary;
  readonly attempt: number;
  /** Otherwise its title, error and what it was asked with are to be read where the operation is kept. */
  readonly isWhole: boolean;
  /** Whether its resources are known; those of one that is not whole may be, too. */
  readonly hasResources: boolean;
}

type Named = Pick<OperationSummary, 'id' | 'account' | 'startedAt'>;

/** Letters of an error's detail in a list. */
const MOST_DETAIL = 120;
const TYPES = { b: 'bucket', w: 'website', u: 'user' } as const;

/** Gives an operation as a list has it. */
export function summaryOf(shown: ShownOperation): OperationSummary {
  const { id, account, kind, title, resources, state, startedAt, endedAt } = shown;
  const { error, tokenId, actor, requestId, method, path } = shown;
  const short = error && { ...error, detail: shortened(error.detail) };
  return {
    id,
    account,
    kind,
    title,
    resources,
    state,
    startedAt,
    endedAt,
    error: short,
    tokenId,
    actor,
    requestId,
    method,
    path,
  };
}

const shortened = (text: string): string => (text.length > MOST_DETAIL ? `${text.slice(0, MOST_DETAIL - 1)}…` : text);

const timeOf = (time: Date | undefined): number => time?.getTime() ?? 0;

/** Packs what a row shows into at most `room` characters of base64url: all of it, or what filters ask for. */
export function packSummary(row: OperationSummary, attempt: number, room: number): string {
  const { kind, state, startedAt, endedAt, title, resources, error, tokenId, actor, requestId, method, path } = row;
  const filters: Packed = {
    k: kind,
    s: state,
    e: timeOf(endedAt) - timeOf(startedAt),
    o: tokenId,
    ...(attempt > 1 && { n: attempt }),
  };
  const withResources: Packed = { ...filters, r: resources.map(({ type, name }) => [type.charAt(0), name] as const) };
  const whole: Packed = {
    ...withResources,
    t: title,
    a: actor,
    q: requestId,
    m: method,
    p: path,
    x: error && [error.kind, error.detail, ...(error.code === undefined ? [] : [error.code])],
  };
  const forms: readonly Packed[] = [whole, { ...withResources, more: 1 }, { ...filters, more: 1 }];
  const texts = forms.map((form) => Buffer.from(JSON.stringify(form)).toString('base64url'));
  return texts.find((text) => text.length <= room) ?? '';
}

/** Unpacks a row; undefined where nothing could be packed. */
export function unpackSummary(text: string, is: Named): Summary | undefined {
  const packed = read(text);
  if (packed === undefined) return undefined;
  const { k, s, e, t, r, o, a, q, m, p, x, n = 1, more } = packed;
  return {
    attempt: n,
    isWhole: more === undefined,
    hasResources: r !== undefined,
    row: {
      ...is,
      kind: k,
      title: t ?? '',
      resources: (r ?? []).map(([type, name]): Resource => ({ type: TYPES[type as keyof typeof TYPES], name })),
      state: s,
      endedAt: new Date(timeOf(is.startedAt) + e),
      error: x && { kind: x[0] ?? '', detail: x[1] ?? '', ...(x[2] !== undefined && { code: x[2] }) },
      tokenId: o,
      actor: a,
      requestId: q,
      method: m,
      path: p,
    },
  };
}

function read(text: string): Packed | undefined {
  try {
    // Keys of an account's operations are written by `packSummary` only.
    return text === '' ? undefined : (JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Packed);
  } catch {
    return undefined;
  }
}

import type { Secret } from '../../../src/base/secret';
import type { AnswerOf, QueryOf, RequestOf, Shape } from '../../../src/base/operation-types';
import { requestCheck } from '../../../src/http/contract/checks';
import { operationOf } from '../../../src/http/contract/document';

/** `true` where each of the types fits the other; the compiler is what tests here. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('in types of requests, what may be absent is never null', () => {
  const said: readonly true[] = [
    true satisfies Same<RequestOf<'setKeyStatus'>, { readonly Status: 'Active' | 'Inactive' }>,
    true satisfies Same<RequestOf<'runCleaner'>, { readonly orphans?: readonly string[] } | undefined>,
    true satisfies Same<RequestOf<'addKey'>, undefined>,
    true satisfies Same<RequestOf<'changeUser'>['Status'], 'Active' | 'Inactive' | undefined>,
    true satisfies Same<RequestOf<'createUser'>['User']['Path'], undefined>,
    true satisfies Same<
      RequestOf<'updateBucket'>['BucketPolicy'],
      string | Readonly<Record<string, unknown>> | undefined
    >,
    true satisfies Same<QueryOf<'listKeys'>, undefined>,
    true satisfies Same<NonNullable<QueryOf<'reportKeys'>>['limit'], number | undefined>,
  ];
  expect(said).not.toContain(false);
});

test('in types of answers, times are dates, secrets are wrapped, and null is undefined', () => {
  const said: readonly true[] = [
    true satisfies Same<Shape<'NewAccessKey'>['SecretAccessKey'], Secret>,
    true satisfies Same<Shape<'Group'>['CreateDate'], Date | undefined>,
    true satisfies Same<AnswerOf<'createBucket'>['Group'], Shape<'Group'> | undefined>,
    true satisfies Same<AnswerOf<'deleteBucket'>['kept'], Shape<'KeptUsers'> | undefined>,
    true satisfies Same<AnswerOf<'signUpload'>['fields'], Readonly<Record<string, Secret>> | undefined>,
    true satisfies Same<AnswerOf<'showBucket'>['Versioning'], { readonly Status: string } | null | undefined>,
    true satisfies Same<AnswerOf<'listBuckets'>, readonly string[]>,
    true satisfies Same<AnswerOf<'headBucket'>, undefined>,
  ];
  expect(said).not.toContain(false);
});

test('a body that has been checked has its type', () => {
  const { Status } = requestCheck(operationOf('setKeyStatus')).body({ Status: 'Inactive' });
  expect(Status satisfies 'Active' | 'Inactive').toBe('Inactive');
  expect(requestCheck<string>(operationOf('addKey')).body({ any: 1 })).toBeUndefined();
  expect(() => operationOf('nothing')).toThrow('openapi.yaml lacks nothing');
});

import { CreateFunctionCommand, DescribeFunctionCommand, PublishFunctionCommand } from '@aws-sdk/client-cloudfront';
import { type Context, orUndefined, reading } from '../../../shared/context';
import type { StepFactory, StepHandle } from '../../../../engine/plan';
import { isTransient, type RetryPolicy, sharedEntityPolicy } from '../../../../engine/retry';
import { fail, toDomainError } from '../../../../base/errors';
import { numbered } from '../rules/private-origins';

/** A published function serves the sites that were made with it: another code is another name. */
const NAME = 'mallard-index-document-2';

/**
 * A REST origin knows no index documents of folders: this viewer-request function names them, and sends `/docs` to `/docs/`,
 * so that relative links hold. It cannot ask what is there: a name without a dot counts as a folder. What lies in
 * `/.well-known/` (RFC 8615) has no extensions and is left alone. Slashes in front are one: `//host` is another server.
 */
const FUNCTION_CODE = `function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.indexOf('/.well-known/') === 0) return request;
  var last = uri.split('/').pop();
  if (last === '') {
    request.uri += 'index.html';
    return request;
  }
  if (last.indexOf('.') !== -1) return request;
  var pairs = [];
  Object.keys(request.querystring).forEach(function (name) {
    var entry = request.querystring[name];
    (entry.multiValue || [entry]).forEach(function (one) {
      pairs.push(one.value === '' ? name : name + '=' + one.value);
    });
  });
  var location = uri.replace(/^[\\/\\\\]+/, '/') + '/' + (pairs.length === 0 ? '' : '?' + pairs.join('&'));
  return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: location } } };
}
`;

/** As far as the function has come: published, or a draft of this version. */
type FunctionState = { readonly arn: string } | { readonly draft: string };

/** For publishing what a neighbour may publish at the same moment: then our version is the former one. */
const publishPolicy: RetryPolicy = {
  ...sharedEntityPolicy,
  retries: (error) => isTransient(error) || error.kind === 'exists' || error.kind === 'conflict',
};

/** Adds the steps that make the function that goes with an origin access control, and publish it. Gives its ARN. */
export function ensureIndexFunction(context: Context, step: StepFactory, number = 1): StepHandle<string> {
  const { cloudfront } = context.session;
  const Name = numbered(NAME, number);
  const find = async (stage: 'DEVELOPMENT' | 'LIVE') =>
    orUndefined(reading(context, () => cloudfront(new DescribeFunctionCommand({ Name, Stage: stage }))));
  const live = async () => (await find('LIVE'))?.FunctionSummary?.FunctionMetadata?.FunctionARN;
  const known = async (): Promise<FunctionState | undefined> => {
    const arn = await live();
    if (arn !== undefined) return { arn };
    const draft = (await find('DEVELOPMENT'))?.ETag;
    return draft === undefined ? undefined : { draft };
  };
  const made = step({
    title: 'Make sure that distributions find the index documents of folders',
    touches: [{ action: 'create', resource: `CloudFront function ${Name}, unless it is there` }],
    retry: sharedEntityPolicy,
    run: async (): Promise<FunctionState> => {
      const state = await known();
      if (state !== undefined) return state;
      const { ETag } = await cloudfront(
        new CreateFunctionCommand({
          Name,
          FunctionConfig: { Comment: 'Index documents of folders', Runtime: 'cloudfront-js-2.0' },
          FunctionCode: Buffer.from(FUNCTION_CODE),
        }),
      );
      return { draft: ETag ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without a version' }) };
    },
    alreadyDone: async () => {
      const state = await known();
      return state && { result: state };
    },
  });
  return step({
    title: 'Make sure that the function for the index documents of folders is published',
    needs: { made },
    retry: publishPolicy,
    run: async ({ made: state }) => {
      if ('arn' in state) return state.arn;
      try {
        const { FunctionSummary } = await cloudfront(new PublishFunctionCommand({ Name, IfMatch: state.draft }));
        const arn = FunctionSummary?.FunctionMetadata?.FunctionARN;
        return arn ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an ARN' });
      } catch (thrown) {
        const { kind } = toDomainError(thrown);
        const found = kind === 'exists' || kind === 'conflict' ? await live() : undefined;
        if (found === undefined) throw thrown;
        return found;
      }
    },
    alreadyDone: async () => {
      const found = await live();
      return found === undefined ? undefined : { result: found };
    },
  });
}

import {
  CreateFunctionCommand,
  CreateOriginAccessControlCommand,
  DescribeFunctionCommand,
  ListOriginAccessControlsCommand,
  PublishFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import { type Context, eventually, orUndefined, reading } from '../../../shared/context';
import type { StepSpec } from '../../../../engine/plan';
import { fail, toDomainError } from '../../../../base/errors';

type Step<T> = StepSpec<Record<never, never>, T>;

/**
 * What all private sites of an account share: an origin access control and a function. They are made once, belong to no
 * site, and stay; so neither step has an undo.
 */

const ACCESS_CONTROL = 'mallard-private-origin';
const FUNCTION = 'mallard-index-document';

/** A REST origin knows no index documents of folders: this viewer-request function names them. */
const FUNCTION_CODE = `function handler(event) {
  var request = event.request;
  var last = request.uri.split('/').pop();
  if (last === '') request.uri += 'index.html';
  else if (last.indexOf('.') === -1) request.uri += '/index.html';
  return request;
}
`;

/** Makes sure there is an origin access control; gives its id. */
export function ensureAccessControl(context: Context): Step<string> {
  const { cloudfront } = context.session;
  const find = async (): Promise<string | undefined> => {
    let Marker: string | undefined;
    do {
      const { OriginAccessControlList: page } = await reading(context, () =>
        cloudfront(new ListOriginAccessControlsCommand({ ...(Marker !== undefined && { Marker }) })),
      );
      const found = page?.Items?.find(({ Name }) => Name === ACCESS_CONTROL);
      if (found !== undefined) return found.Id;
      Marker = page?.IsTruncated === true ? page.NextMarker : undefined;
    } while (Marker !== undefined);
    return undefined;
  };
  return {
    title: 'Make sure that distributions have an origin access control',
    run: async () => {
      const known = await find();
      if (known !== undefined) return known;
      try {
        const { OriginAccessControl } = await cloudfront(
          new CreateOriginAccessControlCommand({
            OriginAccessControlConfig: {
              Name: ACCESS_CONTROL,
              Description: 'Lets distributions read private buckets',
              OriginAccessControlOriginType: 's3',
              SigningBehavior: 'always',
              SigningProtocol: 'sigv4',
            },
          }),
        );
        return OriginAccessControl?.Id ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an id' });
      } catch (thrown) {
        const found = toDomainError(thrown).kind === 'exists' ? await eventually(context, find) : undefined;
        if (found === undefined) throw thrown;
        return found;
      }
    },
    alreadyDone: async () => {
      const found = await find();
      return found === undefined ? undefined : { result: found };
    },
  };
}

/** Makes sure the function is there and published; gives its ARN. */
export function ensureIndexFunction(context: Context): Step<string> {
  const { cloudfront } = context.session;
  const find = async (stage: 'DEVELOPMENT' | 'LIVE') =>
    orUndefined(reading(context, () => cloudfront(new DescribeFunctionCommand({ Name: FUNCTION, Stage: stage }))));
  const live = async () => (await find('LIVE'))?.FunctionSummary?.FunctionMetadata?.FunctionARN;
  const makeAndPublish = async (): Promise<string | undefined> => {
    const draft = await find('DEVELOPMENT');
    const etag =
      draft?.ETag ??
      (
        await cloudfront(
          new CreateFunctionCommand({
            Name: FUNCTION,
            FunctionConfig: { Comment: 'Index documents of folders', Runtime: 'cloudfront-js-2.0' },
            FunctionCode: Buffer.from(FUNCTION_CODE),
          }),
        )
      ).ETag;
    const { FunctionSummary } = await cloudfront(new PublishFunctionCommand({ Name: FUNCTION, IfMatch: etag }));
    return FunctionSummary?.FunctionMetadata?.FunctionARN;
  };
  return {
    title: 'Make sure that distributions find the index documents of folders',
    run: async () => {
      const known = await live();
      if (known !== undefined) return known;
      try {
        return (await makeAndPublish()) ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an ARN' });
      } catch (thrown) {
        const { kind } = toDomainError(thrown);
        const found = kind === 'exists' || kind === 'conflict' ? await eventually(context, live) : undefined;
        if (found === undefined) throw thrown;
        return found;
      }
    },
    alreadyDone: async () => {
      const found = await live();
      return found === undefined ? undefined : { result: found };
    },
  };
}

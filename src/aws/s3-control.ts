import { S3Client, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-s3';
import { makeBuilder } from '@smithy/core/client';
import { type EndpointParameterInstructions, getEndpointPlugin } from '@smithy/core/endpoints';
import type { ClientSettings } from './client-settings';
import { NAMESPACE, SHAPES } from './wire/s3-control-shapes';

/**
 * The calls of S3 Control that are needed, sent by S3's own client with S3 Control's shapes: its signature, endpoint rules
 * and errors are S3's. `@aws-sdk/client-s3-control` would be 100 KB more of the bundle for three calls. Source: botocore
 * 1.44.8, `s3control/2018-08-20`.
 */

/** `Bucket` is not on the wire: a call goes to the region of that bucket. `AccountId`: who owns what is meant. */
interface OfBucket {
  readonly AccountId: string;
  readonly Bucket: string;
  readonly ResourceArn: string;
}

interface Calls {
  /** Adds tags, or gives those that are there another value. */
  readonly TagResource: {
    readonly input: OfBucket & { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] };
    readonly output: object;
  };
  readonly UntagResource: {
    readonly input: OfBucket & { readonly TagKeys: readonly string[] };
    readonly output: object;
  };
  /** Tells what is in effect for all buckets of the account, whether the account itself or its organization says so. */
  readonly GetPublicAccessBlock: {
    readonly input: { readonly AccountId: string };
    readonly output: {
      readonly PublicAccessBlockConfiguration?: {
        readonly BlockPublicPolicy?: boolean;
        readonly RestrictPublicBuckets?: boolean;
      };
    };
  };
}

export interface S3ControlCall<Name extends keyof Calls = keyof Calls> {
  readonly operation: Name;
  readonly input: Calls[Name]['input'];
}

export interface S3ControlClient {
  readonly middlewareStack: S3Client['middlewareStack'];
  readonly send: <Name extends keyof Calls>(call: S3ControlCall<Name>) => Promise<Calls[Name]['output']>;
}

/** Makes the client. A configured endpoint is taken as it is; on AWS the account's id stands in front of the host. */
export function s3ControlClient(settings: ClientSettings): S3ControlClient {
  const client = new S3Client({
    ...settings,
    // By it the environment and the shared files name an endpoint.
    serviceId: 'S3 Control',
    protocolSettings: {
      defaultNamespace: NAMESPACE,
      errorTypeRegistries: [],
      xmlNamespace: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
    },
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const ofS3 = client.config.endpointProvider;
  client.config.endpointProvider = (params, context) => {
    const endpoint = ofS3(params, context);
    const { AccountId } = params as { readonly AccountId?: string };
    if (params.Endpoint !== undefined || AccountId === undefined) return endpoint;
    const url = new URL(endpoint.url);
    url.hostname = `${AccountId}.${url.hostname.replace(/^s3(?=[.-])/, 's3-control')}`;
    return { ...endpoint, url };
  };
  return {
    middlewareStack: client.middlewareStack,
    // The builder's types take inputs of S3 alone.
    send: async ({ operation, input }) => client.send(new COMMANDS[operation](input as never) as never),
  };
}

const PARAMETERS: EndpointParameterInstructions = {
  AccountId: { type: 'contextParams', name: 'AccountId' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
};

const command = makeBuilder<S3Client['config'], ServiceInputTypes, ServiceOutputTypes>(
  PARAMETERS,
  'AWSS3ControlServiceV20180820',
  'S3ControlClient',
  getEndpointPlugin,
);

const COMMANDS = {
  TagResource: command({}, () => [], 'TagResource', SHAPES.TagResource),
  UntagResource: command({}, () => [], 'UntagResource', SHAPES.UntagResource),
  GetPublicAccessBlock: command({}, () => [], 'GetPublicAccessBlock', SHAPES.GetPublicAccessBlock),
};

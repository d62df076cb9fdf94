import { AwsRefusal } from '../../contract';
import { decodeXml } from '../../protocol/xml-shape';
import { effectiveBlock } from '../s3/account-block';
import { publicAccessBlockShape } from '../s3/documents';
import { accessDenied } from '../s3/refusals';
import type { ControlCall, OperationTable } from './call';

/**
 * The public access block of an account. A policy of its organization turns on all of it, and the account can change nothing
 * then. Source: S3 API Reference, GetPublicAccessBlock and PutPublicAccessBlock of S3 Control.
 */

/**
 * Refuses a change of what the organization says.
 * @throws {AccessDenied} when it says anything
 */
function requireOwn({ state, context }: ControlCall): void {
  if (state.organizationBlocks.has(context.accountId)) throw accessDenied();
}

const needs = (action: string) => () => ({ action: `s3:${action}`, resource: '*' });

export const blockOperations: OperationTable = {
  GetPublicAccessBlock: {
    needs: needs('GetAccountPublicAccessBlock'),
    run: ({ state, context }) => {
      const value = effectiveBlock(state, context.accountId);
      if (value !== undefined) return { xml: { root: 'PublicAccessBlockConfiguration', value } };
      const message = 'The public access block configuration was not found';
      throw new AwsRefusal(404, 'NoSuchPublicAccessBlockConfiguration', message, { AccountId: context.accountId });
    },
  },
  PutPublicAccessBlock: {
    needs: needs('PutAccountPublicAccessBlock'),
    run: (call) => {
      const document = decodeXml(call.body, 'PublicAccessBlockConfiguration', publicAccessBlockShape);
      requireOwn(call);
      call.state.accountBlocks.set(call.context.accountId, {
        BlockPublicAcls: document.BlockPublicAcls ?? false,
        IgnorePublicAcls: document.IgnorePublicAcls ?? false,
        BlockPublicPolicy: document.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: document.RestrictPublicBuckets ?? false,
      });
      return { status: 200 };
    },
  },
  DeletePublicAccessBlock: {
    needs: needs('PutAccountPublicAccessBlock'),
    run: (call) => {
      requireOwn(call);
      call.state.accountBlocks.delete(call.context.accountId);
      return { status: 204 };
    },
  },
};

import type { RestReply } from '../../protocol/rest-reply';
import type { XmlObject } from '../../protocol/xml';
import { decodeXml } from '../../protocol/xml-shape';
import { type CloudFrontCall, type OperationTable, isoTime, label } from './call';
import { type FunctionCode, type FunctionConfig, createFunctionShape, updateFunctionShape } from './function-shape';
import { page } from './paging';
import { checkIfMatch, refuse } from './refusals';
import { functionsOf } from './sharing-rules';
import { type EdgeFunction, type FunctionStage, functionArn, newId } from './state';

/** CloudFront Functions: written in the stage DEVELOPMENT, copied to LIVE by publishing. */

/** Source: CloudFront Developer Guide, "Quotas on CloudFront Functions": 10 KB. */
const MAX_CODE_BYTES = 10 * 1024;

function functionOf(call: CloudFrontCall): EdgeFunction {
  const found = call.state.functions.get(functionArn(call, label(call, 'Name')));
  return found ?? refuse('NoSuchFunctionExists', 'The function does not exist.');
}

function newStage(call: CloudFrontCall, config: FunctionConfig, code: FunctionCode): FunctionStage {
  if (Buffer.from(code, 'base64').length > MAX_CODE_BYTES)
    refuse('FunctionSizeLimitExceeded', 'The function is too large.');
  return { etag: newId(), config, code, modifiedAt: call.now };
}

function summary(found: EdgeFunction, stage: FunctionStage, name: 'DEVELOPMENT' | 'LIVE'): XmlObject {
  return {
    Name: found.name,
    Status: name === 'LIVE' || found.live !== undefined ? 'DEPLOYED' : 'UNPUBLISHED',
    FunctionConfig: stage.config,
    FunctionMetadata: {
      FunctionARN: functionArn(found, found.name),
      Stage: name,
      CreatedTime: isoTime(found.createdAt),
      LastModifiedTime: isoTime(stage.modifiedAt),
    },
  };
}

/** The stage a read asks for, DEVELOPMENT unless it says LIVE. */
function stageOf(call: CloudFrontCall, found: EdgeFunction): readonly [FunctionStage, 'DEVELOPMENT' | 'LIVE'] {
  if (call.query.get('Stage') !== 'LIVE') return [found.development, 'DEVELOPMENT'];
  return [found.live ?? refuse('NoSuchFunctionExists', 'The function has no LIVE stage.'), 'LIVE'];
}

function create(call: CloudFrontCall): RestReply {
  const {
    Name: name,
    FunctionConfig: config,
    FunctionCode: code,
  } = decodeXml(call.body, 'CreateFunctionRequest', createFunctionShape);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) refuse('InvalidArgument', 'The parameter Name is not valid.');
  const arn = functionArn(call, name);
  if (call.state.functions.has(arn))
    refuse('FunctionAlreadyExists', 'A function with the same name already exists in this AWS account.');
  const owned = [...call.state.functions.values()].filter(({ accountId }) => accountId === call.accountId);
  if (owned.length >= call.options.functionsPerAccount)
    refuse('TooManyFunctions', 'You have reached the maximum number of CloudFront functions for this account.');
  const made: EdgeFunction = {
    accountId: call.accountId,
    partition: call.partition,
    name,
    createdAt: call.now,
    development: newStage(call, config, code),
    live: undefined,
  };
  call.state.functions.set(arn, made);
  const location = `https://cloudfront.amazonaws.com/2020-05-31/function/${arn}`;
  return {
    status: 201,
    headers: { etag: made.development.etag, location },
    xml: { root: 'FunctionSummary', value: summary(made, made.development, 'DEVELOPMENT') },
  };
}

function update(call: CloudFrontCall): RestReply {
  const found = functionOf(call);
  checkIfMatch(call.ifMatch, found.development.etag);
  const { FunctionConfig: config, FunctionCode: code } = decodeXml(
    call.body,
    'UpdateFunctionRequest',
    updateFunctionShape,
  );
  found.development = newStage(call, config, code);
  // The SDK reads this header by the name AWS sends it under.
  return {
    headers: { ettag: found.development.etag, etag: found.development.etag },
    xml: { root: 'FunctionSummary', value: summary(found, found.development, 'DEVELOPMENT') },
  };
}

function publish(call: CloudFrontCall): RestReply {
  const found = functionOf(call);
  checkIfMatch(call.ifMatch, found.development.etag);
  found.live = { ...found.development, modifiedAt: call.now };
  return { xml: { root: 'FunctionSummary', value: summary(found, found.live, 'LIVE') } };
}

const isAssociated = (call: CloudFrontCall, arn: string): boolean =>
  [...call.state.distributions.values()].some(({ config }) => functionsOf(config).includes(arn));

function remove(call: CloudFrontCall): RestReply {
  const found = functionOf(call);
  const arn = functionArn(found, found.name);
  checkIfMatch(call.ifMatch, found.development.etag);
  if (isAssociated(call, arn))
    refuse('FunctionInUse', 'Cannot delete the function because it is attached to one or more cache behaviors.');
  call.state.functions.delete(arn);
  return { status: 204 };
}

function list(call: CloudFrontCall): RestReply {
  const live = call.query.get('Stage') === 'LIVE';
  const owned = [...call.state.functions.values()].filter(
    (one) => one.accountId === call.accountId && (!live || one.live !== undefined),
  );
  const { items, head } = page(call, owned, ({ name }) => name);
  const shown = items.map((one) =>
    live && one.live !== undefined ? summary(one, one.live, 'LIVE') : summary(one, one.development, 'DEVELOPMENT'),
  );
  const Items = shown.length === 0 ? undefined : { FunctionSummary: shown };
  return {
    xml: {
      root: 'FunctionList',
      value: { NextMarker: head.NextMarker, MaxItems: head.MaxItems, Quantity: head.Quantity, Items },
    },
  };
}

const onFunction = (call: CloudFrontCall): string => functionArn(call, label(call, 'Name'));

export const functionOperations: OperationTable = {
  CreateFunction: {
    needs: (call) => functionArn(call, decodeXml(call.body, 'CreateFunctionRequest', createFunctionShape).Name),
    run: create,
  },
  DescribeFunction: {
    needs: onFunction,
    run: (call) => {
      const found = functionOf(call);
      const [stage, name] = stageOf(call, found);
      return { headers: { etag: stage.etag }, xml: { root: 'FunctionSummary', value: summary(found, stage, name) } };
    },
  },
  GetFunction: {
    needs: onFunction,
    run: (call) => {
      const [stage] = stageOf(call, functionOf(call));
      return {
        headers: { etag: stage.etag, 'content-type': 'application/octet-stream' },
        body: Buffer.from(stage.code, 'base64'),
      };
    },
  },
  UpdateFunction: { needs: onFunction, run: update },
  PublishFunction: { needs: onFunction, run: publish },
  DeleteFunction: { needs: onFunction, run: remove },
  ListFunctions: { needs: () => '*', run: list },
};

/** Route 53: hosted zones and their records. Global. */
import { AwsRefusal, type CallContext, type ServiceModule, type WireRequest } from '../../contract';
import { partitionOf } from '../../partitions';
import { writeQueryError } from '../../protocol/query';
import { encodeRestReply } from '../../protocol/rest-reply';
import { createRouter } from '../../protocol/rest-routes';
import {
  DEFAULT_OPTIONS,
  type OperationTable,
  type Route53Call,
  type Route53Operation,
  type Route53Options,
} from './call';
import { changeOperations } from './change-records';
import { listOperations } from './list-records';
import { createRateLimit } from './rate-limit';
import { type Route53Snapshot, type Route53State, restoreSnapshot, takeSnapshot } from './state';
import { zoneOperations } from './zones';

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';

const route = createRouter({
  CreateHostedZone: 'POST /2013-04-01/hostedzone',
  ListHostedZones: 'GET /2013-04-01/hostedzone',
  ListHostedZonesByName: 'GET /2013-04-01/hostedzonesbyname',
  GetHostedZoneCount: 'GET /2013-04-01/hostedzonecount',
  GetHostedZone: 'GET /2013-04-01/hostedzone/{Id}',
  DeleteHostedZone: 'DELETE /2013-04-01/hostedzone/{Id}',
  ChangeResourceRecordSets: 'POST /2013-04-01/hostedzone/{Id}/rrset',
  ListResourceRecordSets: 'GET /2013-04-01/hostedzone/{Id}/rrset',
  GetChange: 'GET /2013-04-01/change/{Id}',
});

const OPERATIONS: OperationTable = { ...zoneOperations, ...changeOperations, ...listOperations };

export interface Route53Deps {
  readonly state: Route53State;
  readonly options: Partial<Route53Options>;
}

function identified(request: WireRequest): {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const found = route(request);
  if (found === undefined)
    throw new AwsRefusal(
      501,
      'NotImplemented',
      `The sandbox does not implement route53: ${request.method} ${request.rawPath}.`,
    );
  return found;
}

function operationOf(name: string): Route53Operation {
  const operation = OPERATIONS[name];
  if (operation === undefined)
    throw new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement route53:${name}.`);
  return operation;
}

/** The schema of another service's name for a document that does not fit. */
function renamed(refusal: AwsRefusal): AwsRefusal {
  return refusal.code === 'MalformedXML' ? new AwsRefusal(400, 'InvalidInput', refusal.message) : refusal;
}

export function createRoute53Service(deps: Route53Deps): ServiceModule {
  const options: Route53Options = { ...DEFAULT_OPTIONS, ...deps.options };
  const limit = createRateLimit(options.requestsPerSecond);
  const callOf = (request: WireRequest, context: CallContext): Route53Call => ({
    state: deps.state,
    accountId: context.accountId,
    partition: partitionOf(context.region).name,
    labels: identified(request).labels,
    query: request.query,
    body: request.body,
    now: context.now(),
    options,
  });
  return {
    name: 'route53',
    identify: (request) => identified(request).operation,
    permissions: (name, request, context) => [
      { action: `route53:${name}`, ...operationOf(name).needs(callOf(request, context)) },
    ],
    execute: (name, request, context) => {
      limit(context.accountId, context.now());
      return encodeRestReply(operationOf(name).run(callOf(request, context)), NAMESPACE);
    },
    encodeError: (refusal, _request, requestId) => writeQueryError(renamed(refusal), NAMESPACE, requestId),
    snapshot: () => takeSnapshot(deps.state),
    restore: (snapshot) => {
      // Written by `snapshot` above; the file's version says so.
      restoreSnapshot(deps.state, snapshot as Route53Snapshot);
    },
  };
}

import type { CallContext, Permission } from '../../contract';
import type { RestReply } from '../../protocol/rest-reply';
import type { S3State } from '../s3/store';

/** Everything an operation may look at. */
export interface ControlCall {
  readonly state: S3State;
  readonly context: CallContext;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

export interface ControlOperation {
  readonly needs: (call: ControlCall) => Permission;
  readonly run: (call: ControlCall) => RestReply;
}

export type OperationTable = Readonly<Record<string, ControlOperation>>;

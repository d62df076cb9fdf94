import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../base/clock';
import type { Deadlines } from '../base/deadlines';
import type { AccountConfig, Config, TokenConfig } from '../config/types';
import type { Log } from '../observability/log';
import type { Metrics } from '../observability/metrics';
import type { Asked, Service } from '../domain/dispatch/service';
import type { Repeats } from '../operations/repeats';
import type { Steering } from '../operations/steering';
import type { History } from '../domain/shared/history';

/** What the HTTP side tells the metrics, and how it gets their page. A request whose caller left counts as status 499. */
export type HttpMetrics = Pick<
  Metrics,
  'observeHttp' | 'authFailure' | 'connectionsOpen' | 'connectionClosed' | 'render'
>;
export type HttpLog = Pick<Log, 'info' | 'error'>;

export interface BuildInfo {
  readonly version: string;
  readonly githash: string;
  readonly buildstamp: string;
}

export interface HttpOptions {
  /** The configuration in force; asked once a request, may change between requests. */
  readonly config: () => Config;
  readonly service: Service;
  readonly log: HttpLog;
  readonly metrics: HttpMetrics;
  readonly build: BuildInfo;
  /** false while starting or draining: no new writes, `/health/ready` answers 503. */
  readonly ready: () => boolean;
  /** A new request or log id. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly history: History;
  /** What Idempotency-Keys stand for. */
  readonly repeats: Repeats;
  /** What can be done to operations. */
  readonly steering: Steering;
  /** For what has to wait; ticks every second. */
  readonly deadlines: Deadlines;
  /** Runs the handling of a request so that log lines written on its behalf carry its id. Default: just runs it. */
  readonly withRequest?: WithRequest;
}

export type WithRequest = (
  request: {
    readonly id: string;
    readonly method: string;
    /** Without query. */
    readonly path: string;
    readonly tokenId: string | undefined;
    readonly actor: string | undefined;
    /** Of the caller, as the access log has it; absent where nothing can be written. */
    readonly address?: string;
    /** operationId of openapi.yaml. */
    readonly endpoint: string;
    /** What its Idempotency-Key stands for. */
    readonly key: Asked['key'];
    /** To be told the id of an operation that begins. */
    readonly began: (operationId: string) => void;
    readonly acts: (operationId: string) => void;
  },
  handle: () => Promise<void> | void,
) => Promise<void> | void;

/** What is known of a request so far. */
export interface Locals {
  requestId: string;
  /** Monotonic milliseconds. */
  startedAt: number;
  config: Config;
  /** Template of the path, e.g. `/v1/s3/{account}/buckets`; absent until one is found. */
  route?: string;
  token?: TokenConfig;
  account?: AccountConfig;
  /** On whose behalf, as the caller claims. */
  actor?: string;
  /** The bucket or website that the path names. */
  bucket?: string;
  /** Hex SHA-256 of the key a URL was asked for: who knows a key finds its URLs in the log, which does not tell keys. */
  objectSha256?: string;
  operationId?: string;
  /** Told the id of an operation that begins. */
  began?: (operationId: string) => void;
  /** Told the operation's id when what it is about to do is kept: other processes know of it. */
  acts?: (operationId: string) => void;
  /** The answer in short, for the access log of refused requests. */
  problem?: string;
}

export type Answer = Response<unknown, Locals>;
export type Middleware = (req: Request, res: Answer, next: NextFunction) => void;

/** What answers the public routes, by operationId of openapi.yaml. */
export type SystemHandlers = Readonly<Record<string, (res: Answer) => Promise<void> | void>>;

/** Answers a request for something in an account that fits the contract. */
export type Perform = (asked: Asked, res: Answer) => Promise<void> | void;

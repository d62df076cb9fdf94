import type { components } from './api';
import type { Secret } from './secret';

/** What the operations of openapi.yaml take and give, by their ids; src/base/api.ts is generated from it. */

type Schemas = components['schemas'];
type Operations = Schemas['Operations'];
export type OperationId = keyof Operations;

type Member<T, Name> = Name extends keyof T ? T[Name] : undefined;

/** The body of a request, as its operation gets it; undefined where none was sent, or none is taken. */
export type RequestOf<Id extends OperationId> = Id extends OperationId ? Meant<Member<Operations[Id], 'body'>> : never;

/** The parameters in the query of a request; undefined where it takes none. */
export type QueryOf<Id extends OperationId> = Id extends OperationId ? Meant<Member<Operations[Id], 'query'>> : never;

/** What an operation gives; the schema of its answer makes JSON of it. Undefined where it answers without JSON. */
export type AnswerOf<Id extends OperationId> = Id extends OperationId ? Draft<Member<Operations[Id], 'answer'>> : never;

/** A part of requests. */
export type Input<Name extends keyof Schemas> = Meant<Schemas[Name]>;

/** A part of answers. */
export type Shape<Name extends keyof Schemas> = Draft<Schemas[Name]>;

type IsOptional<T, Key extends keyof T> = object extends Pick<T, Key> ? true : false;

/** Of a request: what may be absent is never null, which would have said the same. */
export type Meant<T> = T extends readonly (infer Element)[]
  ? readonly Meant<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: Meant<IsOptional<T, Key> extends true ? Exclude<T[Key], null> : T[Key]> }
    : T;

type Whole = Date | Secret;

/** Of an answer before it is encoded: AWS has no value where it will be null, and what may be absent may be undefined. */
export type Draft<T> = T extends Whole
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Draft<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: DraftMember<T, Key> }
      : T;

type DraftMember<T, Key extends keyof T> =
  IsOptional<T, Key> extends true
    ? Draft<T[Key]> | undefined
    : null extends T[Key]
      ? unknown extends T[Key]
        ? T[Key]
        : Draft<Exclude<T[Key], null>> | undefined
      : Draft<T[Key]>;

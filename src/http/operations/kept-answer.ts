import type { JsonValue } from '../../base/json';
import type { KeptAnswer } from '../../operations/done-record';
import { HIDDEN } from '../../base/secret';
import { operations, resolve } from '../contract/document';
import { answerText } from '../send';
import { mayTellSecret } from './early';

/** What of an operation's answer may be kept, as openapi.yaml has it. */
interface Keeping {
  readonly status: number;
  readonly isSecret: boolean;
  readonly hasJson: boolean;
}

/** Found out when the first answer of an operation is to be kept. */
const known = new Map<string, Keeping | undefined>();

/**
 * Gives what repeats of a request are answered with, once its operation has succeeded; without text where the answer holds a
 * secret or is no JSON. undefined where nobody asked over HTTP.
 */
export function keptAnswer(asked: JsonValue, value: unknown): KeptAnswer | undefined {
  const endpoint = typeof asked === 'object' && asked !== null && 'endpoint' in asked ? asked['endpoint'] : undefined;
  if (typeof endpoint !== 'string') return undefined;
  if (!known.has(endpoint)) known.set(endpoint, keepingOf(endpoint));
  const keeping = known.get(endpoint);
  if (keeping === undefined) return undefined;
  const { status, isSecret, hasJson } = keeping;
  // Of a run that a former process began, the secret is there as what JSON makes of it.
  if (isSecret && JSON.stringify(value).includes(HIDDEN)) return { status, secret: true };
  return hasJson ? { status, text: answerText(endpoint, status, value) } : { status };
}

/** undefined: another version of the contract had it. */
function keepingOf(endpoint: string): Keeping | undefined {
  const operation = operations.find(({ operationId }) => operationId === endpoint);
  const first = [...(operation?.responses ?? [])].find(([status]) => status < 300);
  if (operation === undefined || first === undefined) return undefined;
  const [status, pointer] = first;
  const hasJson = 'application/json' in Object(resolve(pointer).value['content']);
  return { status, hasJson, isSecret: mayTellSecret(operation) };
}

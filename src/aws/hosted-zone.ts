import { GetHostedZoneCommand } from '@aws-sdk/client-route-53';
import type { AwsSession } from './types';
import { captureDocument } from '../base/raw-documents';

/** What an operator should know of a hosted zone before sites are made in it. */
export interface HostedZoneFacts {
  /** Without its last dot. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** The AWS service that made it, whose zones nobody else can change. */
  readonly madeBy: string | undefined;
  /** Change guardrails that are on. */
  readonly guardrails: readonly string[];
}

/**
 * Reads a hosted zone.
 * @throws {not-found} when there is none of that id in the account
 */
export async function readHostedZone(session: AwsSession, id: string): Promise<HostedZoneFacts> {
  const command = new GetHostedZoneCommand({ Id: id });
  const document = captureDocument(command);
  const { HostedZone: zone } = await session.route53(command);
  return {
    name: (zone?.Name ?? '').replace(/\.$/, '').toLowerCase(),
    isPrivate: zone?.Config?.PrivateZone === true,
    madeBy: zone?.LinkedService?.ServicePrincipal,
    guardrails: guardrailsIn(document() ?? ''),
  };
}

/** The client's model is older than guardrails (20 November 2026), so they are read from the answer itself. */
function guardrailsIn(document: string): readonly string[] {
  return [...document.matchAll(/<ChangeGuardrail>([^]*?)<\/ChangeGuardrail>/g)]
    .map(([, guardrail = '']) => guardrail)
    .filter((guardrail) => guardrail.includes('<Status>ENABLED</Status>'))
    .flatMap((guardrail) => /<Name>([A-Z_]+)<\/Name>/.exec(guardrail)?.[1] ?? []);
}

import { readHostedZone } from '../aws/hosted-zone';
import type { AwsSession } from '../aws/types';
import { toDomainError } from '../base/errors';
import type { DomainConfig } from '../config/types';

/** What a look at an account found. */
export interface Check {
  readonly ok: boolean;
  /** In sentences. */
  readonly said: readonly string[];
}

/**
 * Looks at the hosted zones of an account's domains, and says one sentence for each: a site whose name nobody can look up is
 * worse than none. Never rejects.
 */
export async function checkZones(session: AwsSession): Promise<Check> {
  const checked = await Promise.all(
    [...session.account.domains].map(([domain, config]) => checkZone(session, domain, config)),
  );
  return { ok: checked.every(({ ok }) => ok), said: checked.map(({ said }) => said) };
}

async function checkZone(
  session: AwsSession,
  domain: string,
  { hostedZoneId }: DomainConfig,
): Promise<{ readonly ok: boolean; readonly said: string }> {
  const setting = `domains.${domain}.hostedZoneID`;
  try {
    const { name, isPrivate, madeBy, guardrails } = await readHostedZone(session, hostedZoneId);
    const wrong =
      name !== domain && !domain.endsWith(`.${name}`)
        ? `is that of ${name}`
        : isPrivate
          ? 'is private: nobody outside its networks could look up a website'
          : madeBy !== undefined
            ? `is kept by ${madeBy}, and nobody else can change it`
            : undefined;
    if (wrong !== undefined)
      return { ok: false, said: `the hosted zone ${hostedZoneId} (setting ${setting}) ${wrong}` };
    if (guardrails.length === 0) return { ok: true, said: `zone of ${domain} ok` };
    return { ok: true, said: `zone of ${domain} ok, with the guardrails ${guardrails.join(', ')}` };
  } catch (thrown) {
    const { kind, detail } = toDomainError(thrown);
    // Not every operator lets the service look at whole zones; it works without.
    if (kind === 'denied')
      return { ok: true, said: `zone of ${domain} not looked at, for want of route53:GetHostedZone` };
    return { ok: false, said: `the hosted zone ${hostedZoneId} (setting ${setting}): ${detail}` };
  }
}

import { type DistributionConfig, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { sendAs } from '../../../../base/raw-documents';
import type { AsJson } from '../../../../base/json';
import type { Context } from '../../../shared/context';
import { memberOf, withMember } from '../rules/document';
import type { DistributionFound } from './find';

/** Members that this service ever changes of a distribution that is there. */
type Changed = Partial<
  Pick<DistributionConfig | AsJson<DistributionConfig>, 'Enabled' | 'Aliases' | 'ViewerCertificate'>
>;

/** Turned off, and its names free for others. */
export const SWITCHED_OFF: Changed = { Enabled: false, Aliases: { Quantity: 0, Items: [] } };

/**
 * Writes changed members over the version of a distribution that was read, and every other byte of it as it was.
 * `former`: the document to take the members' text from.
 */
export async function updateDistribution(
  context: Context,
  { id, etag, distribution, document }: DistributionFound,
  changed: Changed,
  former?: string,
): Promise<void> {
  const config = distribution.DistributionConfig;
  if (config === undefined) return;
  const command = new UpdateDistributionCommand({
    Id: id,
    IfMatch: etag,
    DistributionConfig: { ...structuredClone(config), ...structuredClone(changed) },
  });
  if (document !== undefined) sendAs(command, changedDocument(document, changed, former));
  await context.session.cloudfront(command);
}

function changedDocument(document: string, changed: Changed, former: string | undefined): string {
  const text = { Enabled: enabledText(changed), Aliases: aliasesText(changed) };
  return (['Enabled', 'Aliases', 'ViewerCertificate'] as const)
    .filter((name) => changed[name] !== undefined)
    .reduce((whole, name) => {
      const before = former === undefined ? undefined : memberOf(former, name);
      const wanted = before ?? (name === 'ViewerCertificate' ? certificateText(changed) : text[name]);
      return withMember(whole, name, wanted);
    }, document);
}

const enabledText = ({ Enabled }: Changed): string => `<Enabled>${String(Enabled === true)}</Enabled>`;

function aliasesText({ Aliases }: Changed): string {
  const names = (Aliases?.Items ?? []).map((name) => `<CNAME>${escaped(name)}</CNAME>`);
  const items = names.length === 0 ? '' : `<Items>${names.join('')}</Items>`;
  return `<Aliases><Quantity>${String(names.length)}</Quantity>${items}</Aliases>`;
}

/** For journals without a document, in the order of CloudFront's schema. */
function certificateText({ ViewerCertificate: certificate = {} }: Changed): string {
  const members = Object.entries(certificate).filter(([, value]) => value !== undefined);
  return `<ViewerCertificate>${members.map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`).join('')}</ViewerCertificate>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

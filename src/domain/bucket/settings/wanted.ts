import { fail } from '../../../base/errors';
import type { Context } from '../../shared/context';
import type { SettingsInput } from '../../shared/settings-shapes';
import type { Warning } from '../../shared/store-features';
import { isSettable, type NewBucketFacts, type Settable, type WebsiteFacts, type Wishes } from './aws/setting';
import { SETTINGS } from './aws/table';
import { type PolicyScope, policyScope } from './rules/policy';

/** What a request wants of a bucket's settings: found by the table and checked, before AWS is asked to change anything. */

/** Null takes away; absent members are left as they are. */
export type WantedSettings = Wishes;

const SETTABLE: readonly Settable[] = SETTINGS.filter(isSettable);

const isMeant = (member: unknown): boolean => member !== undefined && member !== null;

/** Names of the members to be taken away. */
const removedBy = ({ Remove }: SettingsInput): readonly unknown[] => (Array.isArray(Remove) ? Remove : []);

/** The settings that have a value in a request. */
const setBy = (input: SettingsInput): readonly Settable[] => SETTABLE.filter(({ member }) => isMeant(input[member]));

/**
 * Checks the settings of a request and gives what they want; makes no call.
 * @throws {invalid}
 */
export function wantedSettings(input: SettingsInput, scope: PolicyScope): WantedSettings {
  const removed = removedSettings(input);
  const wanted = setBy(input).map((setting) => [setting.name, setting.check(input[setting.member], scope)] as const);
  return { ...Object.fromEntries(wanted), ...removed };
}

/**
 * Checks the settings of a request, also with what only a session knows, before anything is changed.
 * @throws {invalid}
 */
export async function settledSettings(context: Context, bucket: string, input: SettingsInput): Promise<WantedSettings> {
  const { account, partition } = context.session;
  const scope = policyScope(account, bucket, partition);
  const known = wantedSettings(input, scope);
  const settled = setBy(input).map(async (setting) => {
    const wanted = known[setting.name];
    const asked = { input: input[setting.member], scope };
    return [setting.name, (await setting.settle?.(context, wanted, asked)) ?? wanted] as const;
  });
  return { ...known, ...Object.fromEntries(await Promise.all(settled)) };
}

/** Taking a setting away is said in so many words, as null may be said for any member that a client does not know of. */
function removedSettings(input: SettingsInput): WantedSettings {
  const removals = removedBy(input).map((member, index) => {
    const setting = SETTABLE.find((one) => one.isRemovable === true && one.member === member);
    if (setting === undefined) {
      return fail({ kind: 'invalid', pointer: `/Remove/${String(index)}`, detail: 'this setting cannot be removed' });
    }
    if (isMeant(input[setting.member])) {
      fail({
        kind: 'invalid',
        pointer: `/Remove/${String(index)}`,
        detail: `${setting.member} is both set and to be removed: send one of the two`,
      });
    }
    return [setting.name, null] as const;
  });
  return Object.fromEntries(removals);
}

/**
 * Refuses settings that do not go with one another, or with what was seen.
 * @throws {invalid | conflict}
 */
export function checkTogether(wanted: WantedSettings): void {
  for (const setting of SETTABLE) {
    if (isMeant(wanted[setting.name])) setting.checkBeside?.(wanted[setting.name], wanted);
  }
}

/**
 * Refuses what a new bucket cannot be.
 * @throws {invalid}
 */
export function checkNewSettings(input: SettingsInput, facts: Pick<NewBucketFacts, 'objectLock'>): void {
  for (const setting of setBy(input)) setting.checkNew?.(input[setting.member], facts);
}

/**
 * Refuses an update that changes nothing, whatever the bucket is like.
 * @throws {invalid}
 */
export function checkSomethingIsMeant({ Remove, ...others }: SettingsInput): void {
  if (removedBy({ Remove }).length > 0 || Object.values(others).some(isMeant)) return;
  fail({
    kind: 'invalid',
    pointer: '',
    detail:
      'the body sets nothing and removes nothing: no member has a value; to take settings away, name them in `Remove`',
  });
}

/**
 * Refuses settings that a website's bucket has from its website.
 * @throws {invalid}
 */
export function checkWebsiteSettings(input: SettingsInput): void {
  const ofWebsite = SETTABLE.filter(({ isOfWebsite }) => isOfWebsite === true);
  const found = ofWebsite.find(({ member }) => isMeant(input[member]) || removedBy(input).includes(member));
  if (found === undefined) return;
  const { member } = found;
  fail({
    kind: 'invalid',
    pointer: `/${member}`,
    detail: `${member} of a website's bucket is the website's own: it follows from the origin that the domain is configured with`,
  });
}

/** Tells whether something is wanted that a website's bucket has from its website. */
export const touchesWebsite = (wanted: WantedSettings): boolean =>
  SETTABLE.some(({ name, isOfWebsite }) => isOfWebsite === true && wanted[name] !== undefined);

/** Tells whether nothing is wanted but what may repair a bucket that refuses everything else. */
export function isRepair(wanted: WantedSettings): boolean {
  const names = Object.keys(wanted);
  return names.length > 0 && names.every((name) => SETTABLE.some((one) => one.name === name && one.isRepair === true));
}

/** Tells what visitors of a website have of the settings that are wanted, where that may surprise. */
export const websiteWarnings = (wanted: WantedSettings, facts: WebsiteFacts): readonly Warning[] =>
  SETTABLE.filter(({ name }) => isMeant(wanted[name])).map((setting) =>
    setting.onWebsite?.(wanted[setting.name], facts),
  );

import { checkEndpoint, checkHost, isAwsHost } from './endpoint';
import { type Draft, type FileAccount, oneSpelling, otherSpellings } from './file-shape';
import { parseDuration } from './duration';
import { partitionProblems } from './check-partition';
import { type ConfigProblem, describe, pointerTo } from './problems';

/** Reads the account id inside a role's ARN; undefined when the role is given by name. */
export function accountIdOfRole(role: string | undefined): string | undefined {
  return role === undefined ? undefined : /^arn:[^:]+:iam::([0-9]{12}):/.exec(role)?.[1];
}

/** Checks what the schema cannot say of one account's settings; they stand at `pointer`. */
export function checkSettings(
  given: Draft<FileAccount>,
  pointer: string,
  allowInsecure: boolean,
): readonly ConfigProblem[] {
  const settings = oneSpelling(given);
  return [
    ...checkSpellings(given, pointer),
    ...checkCredentials(settings, pointer),
    ...checkAddress(settings, given, pointer, allowInsecure),
    ...checkCleaner(settings, pointer),
    ...partitionProblems(settings, pointer),
  ];
}

function checkSpellings(given: Draft<FileAccount>, pointer: string): readonly ConfigProblem[] {
  return otherSpellings
    .filter(([old, now]) => given[old] !== undefined && given[now] !== undefined)
    .map(([old, now]) => ({
      pointer: pointerTo(pointer, old),
      found: `both ${describe(old)} and ${describe(now)}`,
      allowed: 'one of the two spellings',
    }));
}

function checkCredentials(settings: Draft<FileAccount>, pointer: string): readonly ConfigProblem[] {
  const { akid, secret, sessionToken, profile } = settings;
  const problems: ConfigProblem[] = [];
  if (akid !== undefined && secret === undefined) {
    problems.push({
      pointer: pointerTo(pointer, 'secret'),
      found: 'nothing',
      allowed: 'the secret access key that belongs to akid',
    });
  }
  if (akid === undefined && secret !== undefined) {
    problems.push({
      pointer: pointerTo(pointer, 'akid'),
      found: 'nothing',
      allowed: 'the access key id that belongs to secret',
    });
  }
  if (sessionToken !== undefined && akid === undefined && secret === undefined) {
    problems.push({
      pointer: pointerTo(pointer, 'sessionToken'),
      found: 'a session token without akid and secret',
      allowed: 'a session token together with akid and secret',
    });
  }
  if (profile !== undefined && (akid !== undefined || secret !== undefined)) {
    problems.push({
      pointer: pointerTo(pointer, 'profile'),
      found: 'a profile beside access keys',
      allowed: 'either profile, or akid and secret, or neither for the default chain',
    });
  }
  return problems;
}

function checkAddress(
  settings: Draft<FileAccount>,
  given: Draft<FileAccount>,
  pointer: string,
  allowInsecure: boolean,
): readonly ConfigProblem[] {
  const { endpoint, host, useSsl } = settings;
  const problems: ConfigProblem[] = [];
  if (endpoint !== undefined && host !== undefined) {
    problems.push({
      pointer: pointerTo(pointer, 'host'),
      found: 'host beside endpoint',
      allowed: 'one of endpoint and host',
    });
  } else if (endpoint !== undefined) {
    const checked = checkEndpoint(endpoint, allowInsecure);
    if (!checked.ok)
      problems.push({ pointer: pointerTo(pointer, 'endpoint'), found: checked.found, allowed: checked.allowed });
  } else if (host !== undefined && !isAwsHost(host)) {
    const checked = checkHost(host, useSsl ?? false, allowInsecure);
    if (!checked.ok)
      problems.push({ pointer: pointerTo(pointer, 'host'), found: checked.found, allowed: checked.allowed });
  }
  if (useSsl !== undefined && host === undefined) {
    const key = given.useSsl === undefined ? 'use-ssl' : 'useSsl';
    problems.push({
      pointer: pointerTo(pointer, key),
      found: `${key} without host`,
      allowed: `${key} together with host; an endpoint has its scheme in the URL`,
    });
  }
  return problems;
}

function checkCleaner(settings: Draft<FileAccount>, pointer: string): readonly ConfigProblem[] {
  const interval = settings.cleaner?.interval;
  if (interval === undefined || parseDuration(interval) !== 0) return [];
  return [
    {
      pointer: pointerTo(pointer, 'cleaner', 'interval'),
      found: describe(interval),
      allowed: 'a duration of at least one second',
    },
  ];
}

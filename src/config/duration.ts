/** Seconds in a duration such as `1200s`, `20m` or `1h30m`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const parts = /^(?=[0-9])(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?$/.exec(text);
  if (parts === null) return undefined;
  // A unit that is not there matches as undefined, whatever its type says.
  const [, hours = '0', minutes = '0', seconds = '0'] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

import { refuse } from './call';

/**
 * Makes what counts calls per account in windows of one second.
 * @throws {Throttling} (the function it gives) when there are too many
 */
export function createRateLimit(perSecond: number | undefined): (accountId: string, now: number) => void {
  const recent = new Map<string, number[]>();
  return (accountId, now) => {
    if (perSecond === undefined) return;
    const calls = (recent.get(accountId) ?? []).filter((at) => now - at < 1000);
    if (calls.length >= perSecond) refuse('Throttling', 'Rate exceeded');
    recent.set(accountId, [...calls, now]);
  };
}

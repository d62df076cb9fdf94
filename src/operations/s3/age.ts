/** How old an object is, by the clock of the store alone. */

/** Both times are whole seconds, cut off: what was written in the last moment of a second is a second younger. */
const SECOND_MS = 1_000;

/**
 * Gives the least that the age of an object can be: of an answer's `Date` and the object's `Last-Modified`, in milliseconds
 * since the epoch. 0 where one of them is unknown.
 */
export function leastAge(date: number | undefined, modified: Date | undefined): number {
  if (date === undefined || modified === undefined) return 0;
  const age = date - modified.getTime() - SECOND_MS;
  return Number.isFinite(age) ? Math.max(0, age) : 0;
}

/** Makes a middleware for one command of the SDK, to stand next to the wire, that tells the `Date` of the answer. */
export function tellDate(tell: (date: number | undefined) => void) {
  return <Args, Result extends { readonly response: unknown }>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      const result = await next(args);
      tell(dateOf(result.response));
      return result;
    };
}

/** Where `tellDate` belongs. */
export const NEXT_TO_THE_WIRE = { step: 'deserialize', priority: 'low', name: 'tellDate' } as const;

function dateOf(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { date } = response.headers as Readonly<Record<string, string | undefined>>;
  const parsed = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(parsed) ? undefined : parsed;
}

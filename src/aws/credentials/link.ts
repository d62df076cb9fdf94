/** What a provider found. */
export interface GivenCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** One place where credentials may be. */
export interface Link {
  /** For people: what is looked at. No secrets. */
  readonly place: string;
  /** Why it need not be looked at. */
  readonly skip?: string | undefined;
  readonly find: () => Promise<GivenCredentials>;
  /** Whether a failure ends the search: something is there, and it is broken. Default: the SDK's providers' own word. */
  readonly isFinal?: (error: unknown) => boolean;
  /** A service that only some computers have: its silence says nothing of AWS. */
  readonly mayBeAbsent?: boolean;
}

export interface Tried {
  readonly place: string;
  readonly why: string;
}

export type Search =
  | { readonly found: GivenCredentials; readonly place: string }
  /** `cause`: what the last place that was asked ended with; both undefined when none was. */
  | {
      readonly found: undefined;
      readonly tried: readonly Tried[];
      readonly cause: unknown;
      readonly asked: Link | undefined;
    };

/** Looks in one place after the other and takes what is found first. Never rejects. */
export async function search(links: readonly Link[], whyNot: (error: unknown) => string): Promise<Search> {
  const tried: Tried[] = [];
  let cause: unknown;
  let asked: Link | undefined;
  for (const link of links) {
    const { place, skip, find, isFinal = endsChain } = link;
    if (skip !== undefined) {
      tried.push({ place, why: skip });
      continue;
    }
    try {
      return { found: await find(), place };
    } catch (error) {
      cause = error;
      asked = link;
      tried.push({ place, why: whyNot(error) });
      if (isFinal(error)) break;
    }
  }
  return { found: undefined, tried, cause, asked };
}

/** The SDK's providers mark the errors after which the next place may be asked. */
function endsChain(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && 'tryNextLink' in error && error.tryNextLink === true);
}

/** Lists what was tried, as text: `Tried in this order: a (why); b (why).` */
export function listTried(tried: readonly Tried[]): string {
  return `Tried in this order: ${tried.map(({ place, why }) => `${place} (${why})`).join('; ')}.`;
}

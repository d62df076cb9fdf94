/** IAM's paging: `IsTruncated` with a `Marker` for the next page. */
interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** Reads the items of all pages. `fetch` is given the marker of the page to get, undefined for the first. */
export async function allPages<P extends Page, T>(
  fetch: (marker: { readonly Marker?: string }) => Promise<P>,
  items: (page: P) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let marker: string | undefined;
  do {
    const page = await fetch(marker === undefined ? {} : { Marker: marker });
    found.push(...(items(page) ?? []));
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return found;
}

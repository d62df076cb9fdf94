/** Whether a Prefer header (RFC 7240) asks for an answer before the work is done. */
export function prefersAsync(header: string | readonly string[] | undefined): boolean {
  return [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .some((preference) => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async');
}

/** The page a new website shows until its owners upload theirs. */

/** Object tag that marks our pages; the contract names it. */
export const GREETING_TAG = { Key: 'yale:spinup', Value: 'true' } as const;

/** Largest greeting page ever written, in bytes: a larger object at its key is the caller's. */
export const GREETING_BYTES = 4_096;

/** Makes the page as HTML. `site` is a bucket name, so nothing in it needs escaping. */
export function greetingPage(site: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${site}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}</style></head>',
    `<body><h1>${site}</h1>`,
    '<p>This website is ready. Upload an index document to replace this page.</p></body>',
    '</html>',
    '',
  ].join('\n');
}

/** Gives the keys of our pages: the index document of the site, and one for every scope of its users. */
export const greetingKey = (indexDocument: string, scope?: string): string =>
  scope === undefined ? indexDocument : `${scope}/${indexDocument}`;

/**
 * Makes a Content-Disposition by which browsers save the answer as `name`. Whatever is not in the allow-list becomes
 * `_`; the exact name follows in RFC 5987's form when the two differ.
 */
export function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_');
  const exact = plain === name ? '' : `; filename*=UTF-8''${encode(name)}`;
  return `attachment; filename="${plain}"${exact}`;
}

/** RFC 5987's attr-char are the unreserved ones of encodeURIComponent without `'()*`. */
function encode(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * DNS names as Route 53 keeps them: lower case, with the last dot, every odd character as a three-digit octal code.
 * Source: Route 53 Developer Guide, "DNS domain name format".
 */

const PLAIN = /^[a-z0-9_.-]$/;

/** `\052` → `*` */
function decodeOctal(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

export function normalName(name: string): string {
  const bare = decodeOctal(name).toLowerCase().replace(/\.$/, '');
  const coded = [...bare].map((character) =>
    PLAIN.test(character) ? character : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `${coded.join('')}.`;
}

/** Puts the labels in reverse, with their dots: the text by which records are put in order. */
export function sortKey(name: string): string {
  const labels = decodeOctal(normalName(name)).slice(0, -1).split('.');
  return `${labels.reverse().join('.')}.`;
}

/** Tells whether a text is a domain name. Source: RFC 1035, 2.3.4: labels of 1–63 octets, names of at most 255. */
export function isDomainName(name: string): boolean {
  const bare = decodeOctal(name).replace(/\.$/, '');
  return bare.length <= 253 && bare !== '' && bare.split('.').every((label) => label.length >= 1 && label.length <= 63);
}

/** Tells whether a name is the zone's own or below it; both normal. */
export function liesIn(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

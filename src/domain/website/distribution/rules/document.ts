/**
 * A distribution's configuration as the XML that CloudFront gave. UpdateDistribution replaces all of it, and erases what
 * the client does not know; so only the members that a change is about are rewritten, and every other byte stays.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
 */

const ROOT = 'DistributionConfig';

interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What XML is made of beside text: comments, CDATA, instructions, and tags with their name. */
const MARKUP = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(\/?)([\w.:-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;

/** Lists the elements of a document that lie so deep, 0 being the outermost. */
function elementsAt(depth: number, document: string): readonly Member[] {
  const found: Member[] = [];
  let level = 0;
  let start = 0;
  for (const { index, 0: markup, 1: closes, 2: name, 4: isEmpty } of document.matchAll(MARKUP)) {
    if (name === undefined) continue;
    const end = index + markup.length;
    if (closes === '/') {
      level -= 1;
      if (level === depth) found.push({ name, start, end });
    } else if (isEmpty === '/') {
      if (level === depth) found.push({ name, start: index, end });
    } else {
      if (level === depth) start = index;
      level += 1;
    }
  }
  return found;
}

/**
 * Takes the configuration out of CloudFront's answer, as a document that UpdateDistribution takes; undefined when there is
 * none in it.
 */
export function configDocument(answer: string | undefined): string | undefined {
  if (answer === undefined) return undefined;
  const config = elementsAt(1, answer).find(({ name }) => name === ROOT);
  if (config === undefined) return undefined;
  const element = answer.slice(config.start, config.end);
  const [root] = elementsAt(0, answer);
  const namespace = /^<[^>]*?\s(xmlns="[^"]*")/.exec(answer.slice(root?.start))?.[1];
  if (namespace === undefined || /^<[^>]*?\sxmlns=/.test(element)) return element;
  return element.replace(`<${ROOT}`, `<${ROOT} ${namespace}`);
}

/** Gives the text of a member, its tags included; undefined when there is none of that name. */
export function memberOf(config: string, name: string): string | undefined {
  const member = elementsAt(1, config).find((one) => one.name === name);
  return member && config.slice(member.start, member.end);
}

/** Puts a member's new text in the place of the one of its name, or last where there is none. */
export function withMember(config: string, name: string, text: string): string {
  const member = elementsAt(1, config).find((one) => one.name === name);
  const [start, end] = member ? [member.start, member.end] : [config.lastIndexOf('</'), config.lastIndexOf('</')];
  return config.slice(0, start) + text + config.slice(end);
}

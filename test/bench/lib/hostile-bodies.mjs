// Requests that are cheap to send and were, or could be, dear to answer. Each is sent with a valid token.

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/hostile-bodies`;
const SITES = '/v1/s3/demo/websites';
const SITE = `${SITES}/docs.example.org`;
/** Its token and headers are judged; then there is no such account. */
const NOWHERE = '/v1/s3/nowhere/buckets';
const STORAGE = '/aws/storage/demo/hostile-bodies';
const YAML = 'application/yaml';
const JSON_TYPE = 'application/json';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** As many different words of `length` letters. */
const words = (count, length = 3) =>
  Array.from({ length: count }, (_, n) =>
    Array.from({ length }, (_letter, place) => LETTERS[Math.floor(n / 26 ** place) % 26]).join(''),
  );

/** As much of `part` as fits into `bytes` between `before` and `after`. */
const filled = (bytes, before, part, after = '') =>
  before + part.repeat(Math.floor((bytes - Buffer.byteLength(before + after)) / Buffer.byteLength(part))) + after;
/** As many different members as fit. */
const members = (bytes, form) => {
  const one = form('aaaa', 0).length + 1;
  return words(Math.floor((bytes - 2) / one) - 4, 4).map(form);
};
const list = (bytes, before, part, after) => filled(bytes - 8, before, `${part},`, part + after);

/**
 * @typedef {object} Hostile
 * @property {string} name
 * @property {string} method
 * @property {string} path
 * @property {string} [type]
 * @property {string} [body]
 * @property {Readonly<Record<string, string>>} [headers]
 */

/** @returns {readonly Hostile[]} bodies of nearly `bytes` bytes */
export function hostileBodies(bytes) {
  const json = (name, method, path, body) => ({ name, method, path, type: JSON_TYPE, body });
  const yaml = (name, body) => ({ name: `YAML: ${name}`, method: 'POST', path: STORAGE, type: YAML, body });
  const room = bytes - 64;
  return [
    yaml('keys in one line', `{${words(Math.floor(room / 4)).join(',')}}`),
    yaml(
      'keys in lines',
      words(Math.floor(room / 5))
        .map((word) => `${word}:`)
        .join('\n'),
    ),
    yaml('nested in brackets', '['.repeat(room)),
    yaml('nested in lines', filled(room, '', '- ')),
    yaml('mistakes', '}'.repeat(room)),
    yaml('wrong escapes', filled(room, 'a: "', '\\q', '"')),
    yaml('anchors', filled(room, '[', '&a b,', ']')),
    yaml('one long text', filled(room, 'filename: ', 'x ')),
    yaml('as many keys as are taken', `{${words(590, 10).join(',')}}`),
    yaml('as many brackets as are taken', '['.repeat(590)),
    yaml('as many anchors as are taken', '&aaa '.repeat(590)),
    yaml('comments', filled(room, '', '#\n')),
    json('unknown members', 'POST', BUCKETS, `{${members(room, (word) => `"${word}":1`).join(',')}}`),
    json(
      'unknown members, nearly right',
      'PUT',
      BUCKET,
      `{${members(room, (word) => `"Lifecycle${word}":1`).join(',')}}`,
    ),
    json('bad tags', 'PUT', BUCKET, list(room, '{"Tags":[', '1', ']}')),
    json(
      'bad tags, many mistakes each',
      'POST',
      BUCKETS,
      list(room, '{"BucketInput":{"Bucket":"good-name"},"Tags":[', '{"a":1,"b":2}', ']}'),
    ),
    json('bad tags of a user', 'POST', `${BUCKET}/users`, list(room, '{"User":{"UserName":"u","Tags":[', '{}', ']}}')),
    json('nested arrays', 'POST', BUCKETS, '['.repeat(room)),
    json('nested arrays, closed', 'POST', BUCKETS, `{"a":${'['.repeat(room / 2 - 4)}${']'.repeat(room / 2 - 4)}}`),
    json('nested objects', 'PUT', BUCKET, filled(room, '', '{"a":')),
    json(
      'policy, nested',
      'PUT',
      BUCKET,
      `{"BucketPolicy":{"Statement":${'['.repeat(room / 2 - 24)}${']'.repeat(room / 2 - 24)}}}`,
    ),
    json(
      'policy as text, nested',
      'PUT',
      BUCKET,
      `{"BucketPolicy":"${'['.repeat(room / 2 - 24)}${']'.repeat(room / 2 - 24)}"}`,
    ),
    json(
      'policy as text, keys',
      'PUT',
      BUCKET,
      `{"BucketPolicy":"{${members(room - 40, (word) => `\\"${word}\\":1`).join(',')}}"}`,
    ),
    json(
      'policy of statements',
      'PUT',
      BUCKET,
      list(room, '{"BucketPolicy":{"Version":"2012-10-17","Statement":[', '{"Effect":"Deny"}', ']}}'),
    ),
    json(
      'policy of actions',
      'PUT',
      BUCKET,
      list(
        room,
        '{"BucketPolicy":{"Statement":{"Effect":"Allow","Principal":"*","Resource":"arn:aws:s3:::hostile-bodies","Action":[',
        '"s3:a"',
        ']}}}',
      ),
    ),
    json('CORS rules', 'PUT', BUCKET, list(room, '{"CORS":{"CORSRules":[', '{}', ']}}')),
    json(
      'CORS origins',
      'PUT',
      BUCKET,
      list(room, '{"CORS":{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":[', '""', ']}]}}'),
    ),
    json('lifecycle rules', 'PUT', BUCKET, list(room, '{"Lifecycle":{"Name":"glacier","Rules":[', '1', ']}}')),
    json('groups', 'POST', `${BUCKET}/users`, list(room, '{"User":{"UserName":"u"},"Groups":[', '"BkrAdmGrp"', ']}')),
    json(
      'routing rules',
      'POST',
      SITES,
      list(room, '{"BucketInput":{"Bucket":"docs.example.org"},"WebsiteConfiguration":{"RoutingRules":[', '{}', ']}}'),
    ),
    json('invalidation paths', 'PATCH', SITE, list(room, '{"CacheInvalidation":[', '1', ']}')),
    json('invalidation paths to encode', 'PATCH', SITE, `{"CacheInvalidation":["/${'<'.repeat(room - 40)}"]}`),
    json('orphans, all alike', 'POST', '/v1/s3/demo/cleaner/run', list(room, '{"orphans":[', '"user/a"', ']}')),
    json(
      'orphans, all different',
      'POST',
      '/v1/s3/demo/cleaner/run',
      `{"orphans":[${members(room - 20, (word) => `"user/${word}"`).join(',')}]}`,
    ),
    json('file name of slashes', 'POST', `${BUCKET}/objects`, filled(room, '{"filename":"', '/', '"}')),
    json(
      'content type of parameters',
      'POST',
      `${BUCKET}/objects`,
      filled(room, '{"filename":"a","contentType":"a/b', ';a=b', ' "}'),
    ),
    json('one text of escapes', 'POST', BUCKETS, filled(room, '{"a":"', '\\u0061', '"}')),
    json('one text beyond ASCII', 'POST', BUCKETS, filled(room, '{"a":"', 'ü', '"}')),
    json('white space', 'POST', BUCKETS, filled(room, '{', ' ', '}')),
    json('lines, then a mistake', 'POST', BUCKETS, filled(room, '{', '\n', 'x')),
    json('a mistake at the end', 'POST', BUCKETS, list(room, '{"Tags":[', '1', ']x')),
    json('keys, then a mistake', 'POST', BUCKETS, `{${members(room, (word) => `"${word}":1`).join(',')}`),
    json('one key many times', 'POST', BUCKETS, list(room, '{', '"a":1', '}')),
    json(
      'numbers as keys',
      'POST',
      BUCKETS,
      `{${Array.from({ length: Math.floor(room / 16) }, (_, n) => `"${1_000_003 * n}":1`).join(',')}}`,
    ),
    json('no UTF-8', 'POST', BUCKETS, Buffer.concat([Buffer.from(filled(room, '{"a":"', 'ü')), Buffer.from([0xff])])),
  ];
}

/** Requests without a body that fill the 16 KiB Node takes of headers. */
export function hostileHeads() {
  const room = 15_000;
  const get = (name, path, headers = {}) => ({ name, method: 'GET', path, headers });
  return [
    get('query of parameters', `${BUCKET}?${filled(room, '', 'a&')}`),
    get(
      'query of one parameter again and again',
      `${BUCKET}?include=cors${filled(room, '', '&include=cors').slice(0, room)}`,
    ),
    get('query with a list', `${BUCKET}?include=${filled(room, 'cors', ',cors')}`),
    get('query of percent signs', `${BUCKET}?include=${filled(room, '', '%41')}`),
    get('path of segments', `${BUCKET}/objects/${filled(room, '', 'a/')}`),
    get('path of segments, unknown', `/v1/s3/demo/${filled(room, '', 'a/')}`),
    get('path of slashes', filled(room, '', '/')),
    get('path of percent signs', `${BUCKET}/objects/${filled(room, '', '%41')}`),
    get('path of one long segment', `${BUCKETS}/${'a'.repeat(room)}`),
    get('long token', BUCKETS, { 'X-Auth-Token': 'x'.repeat(room) }),
    get('X-Forwarded-For of addresses', NOWHERE, { 'X-Forwarded-For': filled(room, '', '1.1.1.1,') }),
    get('Content-Type of parameters', NOWHERE, { 'Content-Type': filled(room, 'application/json', ';a=b') }),
    get('Expect of words', BUCKETS, { Expect: filled(room, '', 'a, ') }),
    get('many headers', NOWHERE, Object.fromEntries(words(1_900).map((word) => [word, '']))),
  ];
}

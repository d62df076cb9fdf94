import fc from 'fast-check';
import { parseEnv } from 'node:util';
import type { ClientSettings, ClientTool } from '../../../../src/domain/client/rules/client-file';
import { clientFiles } from '../../../../src/domain/client/rules/tools';
import { STORE, anyFolder, refusalOf, settings } from './settings';

const textOf = (tool: ClientTool, given: ClientSettings): string => clientFiles[tool](given).text;
/** The lines that say something, comments left out. */
const linesOf = (text: string): readonly string[] =>
  text.split(/\r?\n/).filter((line) => line !== '' && !/^[#;]/.test(line));

const every: readonly (readonly [string, ClientSettings])[] = [
  ['AWS', settings()],
  ['AWS, China', settings({}, { region: 'cn-north-1', partition: 'aws-cn' })],
  ['AWS, a dotted name', settings({ bucket: 'docs.example.org' })],
  ['plain http on a port', settings({}, STORE)],
  ['IPv6', settings({}, { endpoint: 'http://[::1]:9000' })],
  ['TLS, names in the host', settings({}, { endpoint: 'https://s3.example.com', pathStyle: false })],
];

describe.each(Object.keys(clientFiles) as ClientTool[])('%s', (tool) => {
  test.each(every)('on %s holds a placeholder for the secret and none for a known key', (_, given) => {
    const [unknown, known] = [textOf(tool, given), textOf(tool, { ...given, accessKeyId: 'AKIA0000000000000001' })];
    expect(known).toContain('AKIA0000000000000001');
    expect(known).not.toContain('REPLACE_WITH_ACCESS_KEY_ID');
    // WinSCP asks for what is not there; every other file would be taken for whole.
    expect(unknown.includes('REPLACE_WITH_ACCESS_KEY_ID')).toBe(tool !== 'winscp');
    expect(unknown.includes('REPLACE_WITH_SECRET_ACCESS_KEY')).toBe(tool !== 'winscp');
  });

  test('no folder adds a line, and each is either refused or held', () => {
    const plain = textOf(tool, settings({ folder: tool === 'authentik' ? undefined : 'docs' }, STORE)).split(
      /\r?\n/,
    ).length;
    fc.assert(
      fc.property(anyFolder, (folder) => {
        const given = settings({ folder }, STORE);
        const refusal = refusalOf(() => textOf(tool, given));
        if (refusal === undefined)
          expect(textOf(tool, given).split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/)).toHaveLength(plain);
        else expect(refusal).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('cannot start in') });
      }),
    );
  });
});

test.each(['s3cmd', 'mc', 'winscp'] as const)('%s knows no endpoint with a path', (tool) => {
  expect(refusalOf(() => textOf(tool, settings({}, { endpoint: 'https://gw.example.com/s3' })))).toMatchObject({
    kind: 'unsupported',
    detail: expect.stringContaining('/s3'),
  });
});

describe('rclone', () => {
  const store = ['env_auth = false', 'access_key_id = AKIA1', 'secret_access_key = REPLACE_WITH_SECRET_ACCESS_KEY'];
  test('holds one remote and an alias for a bucket on AWS', () => {
    expect(
      linesOf(textOf('rclone', settings({ accessKeyId: 'AKIA1', folder: 'docs' }, { region: 'eu-west-1' }))),
    ).toEqual([
      '[photos-s3]',
      'type = s3',
      'provider = AWS',
      ...store,
      'region = eu-west-1',
      'force_path_style = false',
      'no_check_bucket = true',
      'acl = bucket-owner-full-control',
      '[photos]',
      'type = alias',
      'remote = photos-s3:photos/docs',
    ]);
  });
  test('on a store, with a key that may not set ACLs', () => {
    expect(
      linesOf(
        textOf(
          'rclone',
          settings({ accessKeyId: 'AKIA1', setsAcls: false }, { endpoint: 'https://gw.example.com/s3' }),
        ),
      ),
    ).toEqual([
      '[photos-s3]',
      'type = s3',
      'provider = Other',
      ...store,
      'region = us-east-1',
      'endpoint = https://gw.example.com/s3',
      'force_path_style = false',
      'no_check_bucket = true',
      '[photos]',
      'type = alias',
      'remote = photos-s3:photos',
    ]);
  });
  test.each(['a ', 'a\u00a0', 'x/%(type)s'])('refuses %j', (folder) => {
    expect(refusalOf(() => textOf('rclone', settings({ folder })))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('rclone'),
    });
  });
});

describe('aws', () => {
  const profile = [
    '[profile photos]',
    'region = us-east-1',
    'aws_access_key_id = AKIA1',
    'aws_secret_access_key = REPLACE_WITH_SECRET_ACCESS_KEY',
  ];
  test('on AWS', () => {
    expect(linesOf(textOf('aws', settings({ accessKeyId: 'AKIA1' })))).toEqual([
      ...profile,
      's3 =',
      '  signature_version = s3v4',
    ]);
  });
  test('on a store', () => {
    const text = textOf('aws', settings({ accessKeyId: 'AKIA1', folder: "it's" }, STORE));
    expect(linesOf(text)).toEqual([
      ...profile,
      'request_checksum_calculation = when_required',
      'response_checksum_validation = when_required',
      'services = photos',
      's3 =',
      '  signature_version = s3v4',
      '  addressing_style = path',
      '[services photos]',
      's3 =',
      '  endpoint_url = http://127.0.0.1:9000',
    ]);
    expect(text).toContain(String.raw`s3 ls 's3://photos/it'\''s/'`);
    expect(text).toContain('--endpoint-url http://127.0.0.1:9000');
  });
});

describe('s3cmd', () => {
  test.each([
    [
      'AWS',
      settings({}, { region: 'eu-west-1' }),
      's3.eu-west-1.amazonaws.com',
      '%(bucket)s.s3.eu-west-1.amazonaws.com',
      'True',
    ],
    [
      'AWS, a dotted name',
      settings({ bucket: 'a.b' }),
      's3.us-east-1.amazonaws.com',
      's3.us-east-1.amazonaws.com',
      'True',
    ],
    ['IPv6', settings({}, { endpoint: 'http://[::1]:9000' }), '[::1]:9000', '[::1]:9000', 'False'],
    [
      'names in the host',
      settings({}, { endpoint: 'https://s3.example.com:9443' }),
      's3.example.com:9443',
      '%(bucket)s.s3.example.com:9443',
      'True',
    ],
  ])('on %s', (_, given, base, bucket, https) => {
    const lines = linesOf(textOf('s3cmd', given));
    expect(lines[0]).toBe('[default]');
    expect(lines).toEqual(
      expect.arrayContaining([`host_base = ${base}`, `host_bucket = ${bucket}`, `use_https = ${https}`]),
    );
  });
});

describe('mc', () => {
  test.each([
    ['AWS', settings({}, { region: 'eu-west-1' }), 'https://s3.eu-west-1.amazonaws.com', 'auto'],
    ['a store, path style', settings({}, STORE), 'http://127.0.0.1:9000', 'on'],
    [
      'a store, names in the host',
      settings({}, { endpoint: 'https://s3.example.com' }),
      'https://s3.example.com',
      'off',
    ],
  ])('on %s', (_, given, url, path) => {
    const { name, type, text } = clientFiles.mc({ ...given, folder: 'a "b"' });
    expect([name, type]).toEqual(['photos.json', 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toEqual({
      comment: 'put the secret in; mc alias import NAME photos.json; mc ls \'NAME/photos/a "b"/\'',
      url,
      path,
      api: 's3v4',
      accessKey: 'REPLACE_WITH_ACCESS_KEY_ID',
      secretKey: 'REPLACE_WITH_SECRET_ACCESS_KEY',
    });
  });
});

describe('winscp', () => {
  const site = (text: string) =>
    Object.fromEntries(
      linesOf(text)
        .slice(1)
        .map((line) => line.split('=') as [string, string]),
    );
  test.each([
    [
      'AWS',
      settings({ accessKeyId: 'AKIA1' }, { region: 'eu-west-1' }),
      {
        HostName: 's3.eu-west-1.amazonaws.com',
        PortNumber: '443',
        UserName: 'AKIA1',
        Ftps: '1',
        S3DefaultRegion: 'eu-west-1',
        S3UrlStyle: '0',
      },
    ],
    [
      'plain http, path style',
      settings({}, STORE),
      { HostName: '127.0.0.1', PortNumber: '9000', Ftps: '0', S3DefaultRegion: 'us-east-1', S3UrlStyle: '1' },
    ],
    [
      'IPv6',
      settings({}, { endpoint: 'http://[::1]' }),
      { HostName: '::1', PortNumber: '80', Ftps: '0', S3DefaultRegion: 'us-east-1', S3UrlStyle: '1' },
    ],
  ])('on %s', (_, given, expected) => {
    const text = textOf('winscp', given);
    expect(text).toContain('[Sessions\\photos]\r\n');
    expect(site(text)).toEqual({ ...expected, FSProtocol: '7', RemoteDirectory: '/photos' });
  });
  test('any folder comes back as it was, from ASCII alone', () => {
    fc.assert(
      fc.property(anyFolder, (folder) => {
        const text = textOf('winscp', settings({ folder }));
        const held = site(text)['RemoteDirectory'] ?? '';
        expect(held).toMatch(/^[\x21-\x7e]*$/);
        expect(decodeURIComponent(held).replace(/^\ufeff/, '')).toBe(`/photos/${folder}`);
      }),
    );
  });
});

describe('env', () => {
  test('on AWS', () => {
    expect(parseEnv(textOf('env', settings({ accessKeyId: 'AKIA1', folder: 'docs' })))).toEqual({
      AWS_ACCESS_KEY_ID: 'AKIA1',
      AWS_SECRET_ACCESS_KEY: 'REPLACE_WITH_SECRET_ACCESS_KEY',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      S3_BUCKET: 'photos',
      S3_PREFIX: 'docs/',
      S3_FORCE_PATH_STYLE: 'false',
    });
  });
  test('on a store', () => {
    expect(parseEnv(textOf('env', settings({}, { endpoint: 'http://[::1]:9000' })))).toMatchObject({
      AWS_ENDPOINT_URL_S3: 'http://[::1]:9000',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      S3_FORCE_PATH_STYLE: 'true',
    });
  });
  test('dotenv reads any folder it holds as it was', () => {
    fc.assert(
      fc.property(
        anyFolder.filter((folder) => !folder.includes("'")),
        (folder) => {
          expect(parseEnv(textOf('env', settings({ folder })))['S3_PREFIX']).toBe(`${folder}/`);
        },
      ),
    );
  });
});

test.each(['env', 'authentik'] as const)(
  '%s: an endpoint whose path shells would look into is quoted, one that cannot be is refused',
  (tool) => {
    const name = tool === 'env' ? 'AWS_ENDPOINT_URL_S3' : 'AUTHENTIK_STORAGE__S3__ENDPOINT';
    const endpoint = 'https://gw.example.com/$(id);$HOME';
    const text = textOf(tool, settings({}, { endpoint }));
    expect(text).toContain(`${name}='${endpoint}'\n`);
    expect(parseEnv(text)[name]).toBe(endpoint);
    expect(refusalOf(() => textOf(tool, settings({}, { endpoint: "https://gw.example.com/it's" })))).toMatchObject({
      kind: 'unsupported',
    });
  },
);

describe('authentik', () => {
  const base = {
    AUTHENTIK_STORAGE__BACKEND: 's3',
    AUTHENTIK_STORAGE__S3__ACCESS_KEY: 'AKIA1',
    AUTHENTIK_STORAGE__S3__SECRET_KEY: 'REPLACE_WITH_SECRET_ACCESS_KEY',
    AUTHENTIK_STORAGE__S3__BUCKET_NAME: 'photos',
  };
  test.each([
    ['AWS', settings({}, { region: 'eu-west-1' }), { REGION: 'eu-west-1' }],
    [
      'plain http, path style',
      settings({}, STORE),
      {
        ENDPOINT: 'http://127.0.0.1:9000',
        CUSTOM_DOMAIN: '127.0.0.1:9000/photos',
        SECURE_URLS: 'false',
        ADDRESSING_STYLE: 'path',
      },
    ],
    [
      'TLS, names in the host',
      settings({}, { endpoint: 'https://s3.example.com' }),
      { ENDPOINT: 'https://s3.example.com', CUSTOM_DOMAIN: 'photos.s3.example.com' },
    ],
  ])('on %s', (_, given, more) => {
    const expected = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [`AUTHENTIK_STORAGE__S3__${name}`, value]),
    );
    expect(parseEnv(textOf('authentik', { ...given, accessKeyId: 'AKIA1' }))).toEqual({ ...base, ...expected });
  });
  test('has no use for a folder', () => {
    expect(refusalOf(() => textOf('authentik', settings({ folder: 'docs' })))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('whole of its bucket'),
    });
  });
});

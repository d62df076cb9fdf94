/** Writes what the quick start prints for people: where, with which token, and three calls to try. */
export function quickStartBanner(options: {
  readonly version: string;
  /** Bound address, HOST:PORT. */
  readonly address: string;
  readonly token: string;
  readonly account: string;
  readonly domains: readonly string[];
  readonly dataDir: string | undefined;
}): string {
  const { version, address, token, account, domains, dataDir } = options;
  const buckets = `http://${address}/v1/s3/${account}/buckets`;
  const auth = `-H 'X-Auth-Token: ${token}'`;
  return `
mallard ${version} on a sandbox: an imitation of AWS on this computer. Nothing here reaches AWS.

  address  http://${address}
  token    ${token}
  account  ${account}${domains.length > 0 ? `, domain ${domains.join(', ')}` : ''}
  state    ${dataDir === undefined ? 'in memory, gone at the end (--sandbox-data DIR keeps it)' : `kept in ${dataDir}`}

Make a bucket, a user with keys to it, and look at it:

curl -sS -X POST ${auth} ${buckets} -d '{"BucketInput": {"Bucket": "my-first-bucket"}}'
curl -sS -X POST ${auth} ${buckets}/my-first-bucket/users -d '{"User": {"UserName": "my-first-user"}}'
curl -sS ${auth} ${buckets}/my-first-bucket

`;
}

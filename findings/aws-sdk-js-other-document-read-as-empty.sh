#!/usr/bin/env bash
# Versions:  @aws-sdk/client-s3 3.1169.0 on Node.
# Done:      the CORS rules of a bucket are asked for at a local stub, which
#            answers 200 with three other documents: a listing of objects, a page
#            of HTML, and nothing at all.
# Behaviour: each resolves without an error, just as a CORS configuration without
#            rules would. The name of the root element is not looked at. So a
#            store or a proxy that does not know ?cors looks like a bucket without
#            CORS rules; real S3 says that by an error (NoSuchCORSConfiguration).
# Output:    see the block `expected` below.
# Expected:  an error saying that the answer is not a CORSConfiguration.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# No settings of the machine's own shall take part.
for name in $(compgen -v AWS_ || true); do unset "$name"; done
export AWS_CONFIG_FILE="$dir/none" AWS_SHARED_CREDENTIALS_FILE="$dir/none"
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing @aws-sdk/client-s3 3.1169.0 ..."
setup npm install --prefix "$dir" --no-audit --no-fund @aws-sdk/client-s3@3.1169.0

cat >"$dir/probe.mjs" <<'END'
import http from 'node:http'
import { GetBucketCorsCommand, S3Client } from '@aws-sdk/client-s3'

const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/'
const rule = '<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'
const answers = {
  'CORS configuration': `<CORSConfiguration xmlns="${xmlns}">${rule}</CORSConfiguration>`,
  listing: `<ListBucketResult xmlns="${xmlns}"><Name>photos</Name><IsTruncated>false</IsTruncated></ListBucketResult>`,
  'HTML page': '<html><body><p>Welcome</p></body></html>',
  nothing: '',
}
let answer
const stub = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(answer)
})
await new Promise((resolve) => stub.listen(0, '127.0.0.1', resolve))
const s3 = new S3Client({
  region: 'us-east-1',
  endpoint: `http://127.0.0.1:${stub.address().port}`,
  forcePathStyle: true,
  credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
})
for (const name of Object.keys(answers)) {
  answer = answers[name]
  const seen = await s3.send(new GetBucketCorsCommand({ Bucket: 'photos' })).then(
    (output) => `resolves, rules: ${JSON.stringify(output.CORSRules)}`,
    (error) => `fails: ${error.name}`)
  console.log(`${name}: ${seen}`)
}
stub.close()
END
cat >"$dir/expected" <<'END'
CORS configuration: resolves, rules: [{"AllowedMethods":["GET"],"AllowedOrigins":["*"]}]
listing: resolves, rules: undefined
HTML page: resolves, rules: undefined
nothing: resolves, rules: undefined
END
timeout 60 node --no-warnings "$dir/probe.mjs" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

#!/usr/bin/env bash
# Versions:  @aws-sdk/client-s3 3.1169.0 on Node.
# Done:      one input object, {Bucket: "photos"}, is used to create a bucket by
#            three clients, of three regions, against a local stub that records
#            the bodies; then a frozen input is used.
# Behaviour: the SDK writes the first client's region into the caller's own
#            object, and the clients of the other regions then ask for a bucket in
#            the region of the first. A frozen input makes the call fail with a
#            TypeError, before anything is sent.
# Output:    see the block `expected` below.
# Expected:  the input is only read. Each client asks for its own region, us-east-1
#            for none, and a frozen object is as good as any other.
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
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'

const bodies = []
const stub = http.createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => { body += chunk })
  request.on('end', () => { bodies.push(body); response.end() })
})
await new Promise((resolve) => stub.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${stub.address().port}`
const credentials = { accessKeyId: 'example', secretAccessKey: 'example' }
const client = (region) => new S3Client({ region, endpoint, credentials, forcePathStyle: true })

const input = { Bucket: 'photos' }
for (const region of ['eu-west-1', 'ap-south-1', 'us-east-1']) {
  await client(region).send(new CreateBucketCommand(input))
  const asked = /<LocationConstraint>(.*)<\/LocationConstraint>/.exec(bodies.at(-1))
  console.log(`client of ${region} asks for: ${asked ? asked[1] : 'no region'}`)
}
console.log(`input now: ${JSON.stringify(input)}`)
const before = bodies.length
await client('eu-west-1').send(new CreateBucketCommand(Object.freeze({ Bucket: 'photos' }))).then(
  () => console.log('frozen input: sent'),
  (error) => console.log(`frozen input: ${error.name}, ${bodies.length - before} requests`))
stub.close()
END
cat >"$dir/expected" <<'END'
client of eu-west-1 asks for: eu-west-1
client of ap-south-1 asks for: eu-west-1
client of us-east-1 asks for: eu-west-1
input now: {"Bucket":"photos","CreateBucketConfiguration":{"LocationConstraint":"eu-west-1"}}
frozen input: TypeError, 0 requests
END
timeout 60 node --no-warnings "$dir/probe.mjs" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

#!/usr/bin/env bash
# Versions:  @aws-sdk/client-iam 3.1169.0 on Node; boto3 1.43.106 on Python.
# Done:      both create an access key for a user against a local stub that
#            answers IAM's quota error (LimitExceeded, HTTP 409) and counts.
# Behaviour: the SDK for JavaScript sends the call three times, with waiting in
#            between, and only then fails. It compares the name of its exception
#            class (LimitExceededException, the throttling error of other
#            services); boto3 compares the code on the wire (LimitExceeded).
# Output:    see the block `expected` below.
# Expected:  one request. A user who has as many keys as allowed has as many a
#            second later, too; boto3 sends one, in each of its retry modes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# No settings of the machine's own shall take part.
for name in $(compgen -v AWS_ || true); do unset "$name"; done
export AWS_CONFIG_FILE="$dir/none" AWS_SHARED_CREDENTIALS_FILE="$dir/none"
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing @aws-sdk/client-iam 3.1169.0 and boto3 1.43.106 ..."
setup npm install --prefix "$dir" --no-audit --no-fund @aws-sdk/client-iam@3.1169.0
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check boto3==1.43.106

cat >"$dir/probe.py" <<'END'
import sys
import boto3
from botocore.config import Config

config = Config(region_name="us-east-1", retries={"mode": sys.argv[2]})
iam = boto3.client("iam", config=config, endpoint_url=sys.argv[1],
                   aws_access_key_id="example", aws_secret_access_key="example")
try:
    iam.create_access_key(UserName="anna")
except iam.exceptions.LimitExceededException:
    pass
END
cat >"$dir/probe.mjs" <<'END'
import { execFile } from 'node:child_process'
import http from 'node:http'
import { promisify } from 'node:util'
import { CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam'

let requests = 0
const answer = '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
  '<Code>LimitExceeded</Code><Message>Two keys are allowed</Message></Error></ErrorResponse>'
const stub = http.createServer((request, response) => {
  requests += 1
  request.resume().on('end', () => response.writeHead(409, { 'content-type': 'text/xml' }).end(answer))
})
await new Promise((resolve) => stub.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${stub.address().port}`
const iam = new IAMClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'example', secretAccessKey: 'example' } })
const name = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' })).catch((error) => error.name)
console.log(`JavaScript: ${name}, requests: ${requests}`)
for (const mode of ['legacy', 'standard', 'adaptive']) {
  requests = 0
  await promisify(execFile)(process.env.PYTHON, [process.env.PROBE, endpoint, mode])
  console.log(`boto3, mode ${mode}: requests: ${requests}`)
}
stub.close()
END
cat >"$dir/expected" <<'END'
JavaScript: LimitExceededException, requests: 3
boto3, mode legacy: requests: 1
boto3, mode standard: requests: 1
boto3, mode adaptive: requests: 1
END
PYTHON="$dir/venv/bin/python" PROBE="$dir/probe.py" timeout 90 node --no-warnings "$dir/probe.mjs" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

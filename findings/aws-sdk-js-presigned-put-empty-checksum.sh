#!/usr/bin/env bash
# Versions:  @aws-sdk/client-s3 and @aws-sdk/s3-request-presigner 3.1169.0 on Node;
#            boto3 1.43.106 on Python.
# Done:      a URL for a PUT of an object is signed, without a body and without
#            saying anything of checksums, by both SDKs with Signature Version 4.
# Behaviour: the SDK for JavaScript signs the CRC-32 of an empty body into the URL
#            (x-amz-checksum-crc32=AAAAAA==), though the body comes only later,
#            from whoever uses the URL. It stays out if the client is made with
#            requestChecksumCalculation "WHEN_REQUIRED". boto3, whose default for
#            checksums is the same, signs none.
# Output:    see the block `expected` below.
# Expected:  no checksum in a URL that is signed before there is a body.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# No settings of the machine's own shall take part.
for name in $(compgen -v AWS_ || true); do unset "$name"; done
export AWS_CONFIG_FILE="$dir/none" AWS_SHARED_CREDENTIALS_FILE="$dir/none"
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing @aws-sdk/client-s3, its presigner and boto3 ..."
setup npm install --prefix "$dir" --no-audit --no-fund @aws-sdk/client-s3@3.1169.0 @aws-sdk/s3-request-presigner@3.1169.0
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check boto3==1.43.106

cat >"$dir/probe.mjs" <<'END'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

for (const requestChecksumCalculation of [undefined, 'WHEN_REQUIRED']) {
  const credentials = { accessKeyId: 'example', secretAccessKey: 'example' }
  const s3 = new S3Client({ region: 'us-east-1', credentials, requestChecksumCalculation })
  const url = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'photos', Key: 'a.txt' }), { expiresIn: 60 }))
  const checksum = url.searchParams.get('x-amz-checksum-crc32') ?? 'none'
  console.log(`JavaScript (${requestChecksumCalculation ?? 'default'}): ${checksum}`)
}
END
cat >"$dir/probe.py" <<'END'
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit
from zlib import crc32
import boto3
from botocore.config import Config

s3 = boto3.client("s3", config=Config(region_name="us-east-1", signature_version="s3v4"),
                  aws_access_key_id="example", aws_secret_access_key="example")
url = s3.generate_presigned_url("put_object", Params={"Bucket": "photos", "Key": "a.txt"}, ExpiresIn=60)
print("boto3 (default):", parse_qs(urlsplit(url).query).get("x-amz-checksum-crc32", ["none"])[0])
print("CRC-32 of nothing:", b64encode(crc32(b"").to_bytes(4, "big")).decode())
END
cat >"$dir/expected" <<'END'
JavaScript (default): AAAAAA==
JavaScript (WHEN_REQUIRED): none
boto3 (default): none
CRC-32 of nothing: AAAAAA==
END
timeout 60 node --no-warnings "$dir/probe.mjs" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"
timeout 60 "$dir/venv/bin/python" "$dir/probe.py" >>"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

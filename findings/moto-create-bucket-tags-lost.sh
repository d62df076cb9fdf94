#!/usr/bin/env bash
# Versions:  moto 5.2.5 as a server, boto3 1.43.106.
# Done:      a bucket is created with tags in CreateBucketConfiguration, and its
#            tags are asked for; then the tags are set by a call of their own.
# Behaviour: creating answers 200, but the tags are not there: GetBucketTagging
#            answers NoSuchTagSet. Set by PutBucketTagging, they are.
# Output:    see the block `expected` below.
# Expected:  the tags are on the bucket from its first moment, as at S3; or the
#            request is refused, so that one learns that they are not kept.
set -euo pipefail

dir=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$dir"
}
trap cleanup EXIT
export NO_PROXY="127.0.0.1,${NO_PROXY:-}" no_proxy="127.0.0.1,${no_proxy:-}"
# No settings of the machine's own shall take part.
for name in $(compgen -v AWS_ || true); do unset "$name"; done
export AWS_CONFIG_FILE="$dir/none" AWS_SHARED_CREDENTIALS_FILE="$dir/none"
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing moto 5.2.5 and boto3 1.43.106 ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check 'moto[server]==5.2.5' boto3==1.43.106

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
timeout 120 "$dir/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$dir/server.log" 2>&1 &
server=$!
setup curl -s --retry 100 --retry-delay 1 --retry-connrefused --max-time 60 "http://127.0.0.1:$port/moto-api/"

cat >"$dir/probe.py" <<'END'
import sys
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1",
                  aws_access_key_id="example", aws_secret_access_key="example")
tags = [{"Key": "team", "Value": "blue"}]

def tags_now():
    try:
        return s3.get_bucket_tagging(Bucket="photos")["TagSet"]
    except ClientError as error:
        return error.response["Error"]["Code"]

answer = s3.create_bucket(Bucket="photos", CreateBucketConfiguration={"Tags": tags})
print("created with tags:", answer["ResponseMetadata"]["HTTPStatusCode"])
print("tags:", tags_now())
s3.put_bucket_tagging(Bucket="photos", Tagging={"TagSet": tags})
print("tags after PutBucketTagging:", tags_now())
END
cat >"$dir/expected" <<'END'
created with tags: 200
tags: NoSuchTagSet
tags after PutBucketTagging: [{'Key': 'team', 'Value': 'blue'}]
END
timeout 60 "$dir/venv/bin/python" "$dir/probe.py" "http://127.0.0.1:$port" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

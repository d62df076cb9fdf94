#!/usr/bin/env bash
# Versions:  ministack 1.5.33, boto3 1.43.106.
# Done:      a CloudFront distribution is created twice with one CallerReference,
#            the second time with another origin, comment and state; then the
#            distributions are listed.
# Behaviour: the second call succeeds and answers with the first distribution.
#            What it asked for is nowhere: neither made, nor changed, nor refused.
# Output:    see the block `expected` below.
# Expected:  the error DistributionAlreadyExists (HTTP 409), as CloudFront gives
#            for a CallerReference that was used with another configuration.
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

echo "Installing ministack 1.5.33 and boto3 1.43.106 ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check ministack==1.5.33 boto3==1.43.106

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
timeout 120 env -C "$dir" "HOME=$dir" BIND_HOST=127.0.0.1 "GATEWAY_PORT=$port" IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
  "$dir/venv/bin/ministack" >"$dir/server.log" 2>&1 &
server=$!
setup curl -s --retry 100 --retry-delay 1 --retry-connrefused --max-time 60 "http://127.0.0.1:$port/"

cat >"$dir/probe.py" <<'END'
import sys
import boto3
from botocore.exceptions import ClientError

cloudfront = boto3.client("cloudfront", endpoint_url=sys.argv[1], region_name="us-east-1",
                          aws_access_key_id="example", aws_secret_access_key="example")

def create(name, enabled):
    origin = {"Id": name, "DomainName": f"{name}.example.com", "CustomOriginConfig": {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}
    config = {"CallerReference": "one", "Comment": name, "Enabled": enabled,
              "Origins": {"Quantity": 1, "Items": [origin]},
              "DefaultCacheBehavior": {"TargetOriginId": name, "ViewerProtocolPolicy": "https-only",
                                       "MinTTL": 0, "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}}
    try:
        made = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["DistributionConfig"]
        return f"comment {made['Comment']}, enabled {made['Enabled']}, origin {made['Origins']['Items'][0]['DomainName']}"
    except ClientError as error:
        return error.response["Error"]["Code"]

print("first: ", create("red", True))
print("second:", create("blue", False))
print("distributions:", [item["Comment"] for item in cloudfront.list_distributions()["DistributionList"]["Items"]])
END
cat >"$dir/expected" <<'END'
first:  comment red, enabled True, origin red.example.com
second: comment red, enabled True, origin red.example.com
distributions: ['red']
END
timeout 60 "$dir/venv/bin/python" "$dir/probe.py" "http://127.0.0.1:$port" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

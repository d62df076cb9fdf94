#!/usr/bin/env bash
# Versions:  moto 5.2.5 as a server, boto3 1.43.106.
# Done:      in the hosted zone example.com, an address is set for
#            www.example.com, and again for WWW.Example.com.
# Behaviour: the second is refused as a name that is not in the zone, by
#            InvalidChangeBatch: names are compared letter by letter. The same
#            happens the other way round, in a zone that was made as Example.org.
# Output:    see the block `expected` below.
# Expected:  both mean the same record: names of the DNS do not depend on upper and
#            lower case, and Route 53 keeps them in lower case.
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

route53 = boto3.client("route53", endpoint_url=sys.argv[1], region_name="us-east-1",
                       aws_access_key_id="example", aws_secret_access_key="example")

def upsert(zone, name, address):
    records = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
    try:
        route53.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": records}]})
        print(name, "set")
    except ClientError as error:
        print(name, error.response["Error"]["Code"])

for zone_name, names in (("example.com", ("www.example.com", "WWW.Example.com")),
                         ("Example.org", ("www.example.org", "www.Example.org"))):
    zone = route53.create_hosted_zone(Name=zone_name, CallerReference=zone_name)["HostedZone"]["Id"]
    print("zone", zone_name)
    for number, name in enumerate(names):
        upsert(zone, name, f"192.0.2.{number + 1}")
    sets = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    print("records:", [(s["Name"], s["ResourceRecords"][0]["Value"]) for s in sets if s["Type"] == "A"])
END
cat >"$dir/expected" <<'END'
zone example.com
www.example.com set
WWW.Example.com InvalidChangeBatch
records: [('www.example.com.', '192.0.2.1')]
zone Example.org
www.example.org InvalidChangeBatch
www.Example.org set
records: [('www.Example.org.', '192.0.2.2')]
END
timeout 60 "$dir/venv/bin/python" "$dir/probe.py" "http://127.0.0.1:$port" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

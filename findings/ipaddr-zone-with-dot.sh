#!/usr/bin/env bash
# Versions:  ipaddr.js 2.5.0 on Node.
# Done:      link-local addresses with a zone, as Node gives them for a peer on an
#            interface (`socket.remoteAddress`), are checked and parsed; the names are
#            those of a plain interface, a VLAN, a bridge and a container's pair.
# Behaviour: a zone of letters and digits is taken. A zone with a dot or a hyphen
#            (`eth0.100`, `br-lan`) makes isValid false and parse throw, although the
#            address in front of it is the same. Node's own isIP takes them all.
# Output:    see the block `expected` below.
# Expected:  the zone is whatever the system calls its interface (RFC 4007, 11.2);
#            an address does not depend on it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing ipaddr.js 2.5.0 ..."
setup npm install --prefix "$dir" --no-audit --no-fund ipaddr.js@2.5.0

cat >"$dir/probe.mjs" <<'END'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

for (const zone of ['eth0', 'eth0.100', 'br-lan', 'veth1a2b']) {
  const address = `fe80::1%${zone}`
  let parsed
  try {
    parsed = ipaddr.parse(address).toString()
  } catch {
    parsed = 'throws'
  }
  console.log(`${address}: isIP ${isIP(address)}, isValid ${ipaddr.isValid(address)}, parse ${parsed}`)
}
END

cat >"$dir/expected" <<'END'
fe80::1%eth0: isIP 6, isValid true, parse fe80::1%eth0
fe80::1%eth0.100: isIP 6, isValid false, parse throws
fe80::1%br-lan: isIP 6, isValid false, parse throws
fe80::1%veth1a2b: isIP 6, isValid true, parse fe80::1%veth1a2b
END

node "$dir/probe.mjs" | tee "$dir/seen"
if diff "$dir/expected" "$dir/seen"; then
  echo "As described: a zone with a dot or a hyphen is no address."
else
  echo "The behaviour changed."
  exit 1
fi

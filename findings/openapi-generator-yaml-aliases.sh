#!/usr/bin/env bash
# Versions:  OpenAPI Generator 7.26.0 (PyPI package openapi-generator-cli), Java.
# Done:      one document, whose operations share their responses by a YAML
#            anchor and 51 aliases, is generated from as OpenAPI 3.1 YAML, as
#            3.1 YAML with one alias less, as 3.0 YAML, and as 3.1 JSON.
# Behaviour: only the OpenAPI 3.1 YAML with 51 aliases is refused. The number is
#            a guard of the YAML parser against documents that grow when they are
#            expanded; it is in force where references of 3.1 are resolved, but
#            not for 3.0.
# Output:    see the block `expected` below.
# Expected:  the same document works in all four forms. 51 aliases of a
#            five-line node are small, and the first reading had accepted them.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing OpenAPI Generator 7.26.0 ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check openapi-generator-cli==7.26.0 PyYAML==6.0.2

document() { # VERSION ALIASES: prints a document in YAML
  echo "openapi: $1"
  echo "info: {title: Shared responses, version: '1'}"
  echo "paths:"
  printf '  /first: {get: {operationId: first, responses: &shared {"200": {description: fine, '
  echo 'content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}}}'
  for i in $(seq "$2"); do echo "  /other$i: {get: {operationId: other$i, responses: *shared}}"; done
  echo "components: {schemas: {Note: {type: object, properties: {text: {type: string}}}}}"
}
document 3.1.0 51 >"$dir/3.1-51.yaml"
document 3.1.0 50 >"$dir/3.1-50.yaml"
document 3.0.3 51 >"$dir/3.0-51.yaml"
"$dir/venv/bin/python" -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
  <"$dir/3.1-51.yaml" >"$dir/3.1-51.json"

cat >"$dir/expected" <<'END'
3.1-51.yaml: refused (Number of aliases for non-scalar nodes exceeds the specified max=50)
3.1-50.yaml: generated
3.0-51.yaml: generated
3.1-51.json: generated
END
for name in 3.1-51.yaml 3.1-50.yaml 3.0-51.yaml 3.1-51.json; do
  if timeout 100 "$dir/venv/bin/openapi-generator-cli" generate -g openapi -i "$dir/$name" -o "$dir/out-$name" >"$dir/log" 2>&1
  then echo "$name: generated"
  else echo "$name: refused ($(grep -m1 -o 'Number of aliases.*' "$dir/log" || tail -1 "$dir/log"))"
  fi
done >"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

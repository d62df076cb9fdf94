#!/usr/bin/env bash
# Versions:  OpenAPI Generator 7.26.0 (PyPI package openapi-generator-cli) with the
#            generator "python"; pydantic 2.12.5, jsonschema 4.25.1.
# Done:      a model with a member of `pattern: 'Z$'` ("ends with Z") is generated
#            and given a value that ends with Z; jsonschema is asked the same.
# Behaviour: the generated model refuses the value: it looks for the pattern at
#            the first character of the value only, as if it began with "^".
# Output:    see the block `expected` below.
# Expected:  the value is accepted. A pattern of JSON Schema and of OpenAPI is not
#            anchored, it may match anywhere; so jsonschema takes the value.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing OpenAPI Generator 7.26.0, pydantic and jsonschema ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check openapi-generator-cli==7.26.0 \
  pydantic==2.12.5 python-dateutil==2.9.0.post0 typing-extensions urllib3 jsonschema==4.25.1

cat >"$dir/api.yaml" <<'END'
openapi: 3.0.3
info: {title: Stamps, version: '1'}
paths: {}
components:
  schemas:
    Stamp:
      type: object
      required: [at]
      properties:
        at: {type: string, pattern: 'Z$'}
END
setup "$dir/venv/bin/openapi-generator-cli" generate -g python -i "$dir/api.yaml" -o "$dir/client"

cat >"$dir/probe.py" <<'END'
import jsonschema
from openapi_client.models.stamp import Stamp

for value in ("2030-01-31T12:00:00Z", "Z"):
    try:
        jsonschema.validate(value, {"type": "string", "pattern": "Z$"})
        print(value, "jsonschema: accepted")
    except jsonschema.ValidationError:
        print(value, "jsonschema: refused")
    try:
        Stamp(at=value)
        print(value, "generated model: accepted")
    except ValueError:
        print(value, "generated model: refused")
END
cat >"$dir/expected" <<'END'
2030-01-31T12:00:00Z jsonschema: accepted
2030-01-31T12:00:00Z generated model: refused
Z jsonschema: accepted
Z generated model: accepted
END
PYTHONPATH="$dir/client" timeout 60 "$dir/venv/bin/python" "$dir/probe.py" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

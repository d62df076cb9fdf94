#!/usr/bin/env bash
# Versions:  OpenAPI Generator 7.26.0 (PyPI package openapi-generator-cli) with the
#            generator "python"; pydantic 2.12.5.
# Done:      a model with a nullable optional member is read from JSON that does
#            not have the member, and is written again. Beside it, the same model
#            is made by its constructor and written.
# Behaviour: reading sets each member that is absent to None, and so the writer
#            takes the nullable one for set on purpose: the JSON that comes out
#            has `"note": null`, the one that went in did not.
# Output:    see the block `expected` below.
# Expected:  what is read and written unchanged stays the same, above all where an
#            API tells "leave it alone" (absent) from "clear it" (null), as by a
#            PATCH with JSON Merge Patch. The constructor does keep them apart.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing OpenAPI Generator 7.26.0 and pydantic ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check openapi-generator-cli==7.26.0 \
  pydantic==2.12.5 python-dateutil==2.9.0.post0 typing-extensions urllib3

cat >"$dir/api.yaml" <<'END'
openapi: 3.0.3
info: {title: Cards, version: '1'}
paths: {}
components:
  schemas:
    Card:
      type: object
      required: [name]
      properties:
        name: {type: string}
        note: {type: string, nullable: true}
        size: {type: integer}
END
setup "$dir/venv/bin/openapi-generator-cli" generate -g python -i "$dir/api.yaml" -o "$dir/client"

cat >"$dir/probe.py" <<'END'
from openapi_client.models.card import Card

text = '{"name": "a"}'
print("read:                ", text)
print("written again:       ", Card.from_json(text).to_json())
print("from the constructor:", Card(name="a").to_json())
END
cat >"$dir/expected" <<'END'
read:                 {"name": "a"}
written again:        {"name": "a", "note": null}
from the constructor: {"name": "a"}
END
PYTHONPATH="$dir/client" timeout 60 "$dir/venv/bin/python" "$dir/probe.py" >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

#!/usr/bin/env bash
# Versions:  OpenAPI Generator 7.26.0 (PyPI package openapi-generator-cli) with the
#            generator "java", library "native"; Java 17, Maven.
# Done:      a model with three optional members (one without a type, one nullable
#            string, one plain string) is generated, compiled, made with its
#            required member alone, and written by the client's own mapper.
# Behaviour: the member without a type, which nobody set, is written as null; the
#            nullable one, for which null would at least be allowed on purpose, is
#            left out. The generated class gives the first a null that counts as
#            set, and the second "undefined".
# Output:    see the block `expected` below.
# Expected:  {"name":"a"}: a member that nobody set is not sent.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Installing OpenAPI Generator 7.26.0 ..."
setup python3 -m venv "$dir/venv"
setup "$dir/venv/bin/pip" install --disable-pip-version-check openapi-generator-cli==7.26.0

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
        anything: {description: A value of any type}
        note: {type: string, nullable: true}
        text: {type: string}
END
setup "$dir/venv/bin/openapi-generator-cli" generate -g java --library native -i "$dir/api.yaml" -o "$dir/client"

echo "Fetching the client's libraries and compiling it ..."
setup mvn -q -B -f "$dir/client/pom.xml" dependency:copy-dependencies -DincludeScope=compile "-DoutputDirectory=$dir/jars"
cat >"$dir/Probe.java" <<'END'
import org.openapitools.client.ApiClient;
import org.openapitools.client.model.Card;

public class Probe {
  public static void main(String[] args) throws Exception {
    System.out.println(new ApiClient().getObjectMapper().writeValueAsString(new Card().name("a")));
  }
}
END
mapfile -t sources < <(find "$dir/client/src/main/java" -name '*.java')
setup javac -nowarn -d "$dir/classes" -cp "$dir/jars/*" "${sources[@]}" "$dir/Probe.java"

cat >"$dir/expected" <<'END'
{"name":"a","anything":null}
END
timeout 60 java -cp "$dir/classes:$dir/jars/*" Probe >"$dir/seen" || echo "ended with status $?" >>"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

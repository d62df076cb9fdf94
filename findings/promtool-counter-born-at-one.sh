#!/usr/bin/env bash
# Versions:  Prometheus 2.42.0 (Debian 12's package prometheus, version
#            2.42.0+ds-5+deb12u1), its promtool.
# Done:      an alert on `increase(failures_total[10m]) > 0` is tested with two
#            counters that both say that one failure happened: one was exported as
#            0 before it, the other appeared only with the failure, as 1 (as a
#            counter does whose labels are first used when something fails).
# Behaviour: for the counter that was born at 1 the increase is 0, and the alert
#            does not fire: the first sample is the start, not an increase.
# Output:    promtool finds the test as written to be right ("SUCCESS"), and the
#            opposite test, by which both fire, to be wrong ("FAILED").
# Expected:  a counter that went from not being there to 1 has increased by 1.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
setup() { timeout 300 "$@" >"$dir/setup.log" 2>&1 || { tail -5 "$dir/setup.log"; echo "Could not set up: $*"; exit 2; }; }

echo "Fetching promtool (nothing is installed on the machine) ..."
mkdir "$dir/package" "$dir/tests"
setup env -C "$dir/package" apt-get download prometheus=2.42.0+ds-5+deb12u1
setup dpkg -x "$dir"/package/*.deb "$dir/root"

cat >"$dir/tests/rules.yml" <<'END'
groups:
- name: failures
  rules:
  - alert: Failed
    expr: increase(failures_total[10m]) > 0
END
cat >"$dir/tests/as-it-is.yml" <<'END'
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {series: 'failures_total{task="born_at_zero"}', values: '0x5 1x10'}
  - {series: 'failures_total{task="born_at_one"}', values: '_x5 1x10'}
  promql_expr_test:
  - expr: increase(failures_total[10m])
    eval_time: 12m
    exp_samples:
    - {labels: '{task="born_at_zero"}', value: 1}
    - {labels: '{task="born_at_one"}', value: 0}
  alert_rule_test:
  - alertname: Failed
    eval_time: 12m
    exp_alerts:
    - exp_labels: {task: born_at_zero}
END
{
  sed '/promql_expr_test/,/born_at_one.*value: 0/d' "$dir/tests/as-it-is.yml"
  echo '    - exp_labels: {task: born_at_one}'
} >"$dir/tests/as-one-would-think.yml"

cat >"$dir/expected" <<'END'
as-it-is: SUCCESS
as-one-would-think: FAILED
END
promtool=$(find "$dir/root" -name promtool -type f | head -1)
for name in as-it-is as-one-would-think; do
  timeout 60 "$promtool" test rules "$dir/tests/$name.yml" >"$dir/log" 2>&1 || true
  cat "$dir/log" >&2
  echo "$name: $(grep -oE 'SUCCESS|FAILED' "$dir/log" | head -1)"
done >"$dir/seen"

cat "$dir/seen"
if diff "$dir/expected" "$dir/seen" >"$dir/diff"; then echo "The behaviour holds."; exit 0; fi
echo "The behaviour changed (< before, > now):"
cat "$dir/diff"
exit 1

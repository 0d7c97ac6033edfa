#!/usr/bin/env bash
# Runs the tests; the last line says how many passed, failed and were skipped.
#
#   eng/test.sh [--all] [ARGUMENT FOR THE TEST RUNNER]...
#
# --all includes the long ones (category Nightly).
# Example: eng/test.sh --filter FullyQualifiedName~Seed
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/eng/setup.sh"

all= filter= arguments=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --all) all=1 ;;
        --filter) filter=${2?--filter wants an expression}; shift ;;
        *) arguments+=("$1") ;;
    esac
    shift
done
if [[ ! $all ]]; then
    filter=${filter:+($filter)&}TestCategory!=Nightly
fi
[[ ! $filter ]] || arguments+=(--filter "$filter")

setup test
cd "$root"
dotnet build tests/StageX.Build.Tests.csproj -nologo -v:quiet -clp:ErrorsOnly

results=$root/artifacts/tests
rm -f "$results/results.trx"
status=0
dotnet artifacts/dotnet/bin/StageX.Build.Tests/debug/StageX.Build.Tests.dll \
    --report-trx --report-trx-filename results.trx --results-directory "$results" "${arguments[@]}" || status=$?

# The totals, from the runner's own report; where it did not live to write one, nothing has passed.
passed=0 failed=0 skipped=0
if [[ -f $results/results.trx ]]; then
    counters=$(grep -o '<Counters [^>]*>' "$results/results.trx")
    count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<< "$counters"; }
    passed=$(count passed) skipped=$(count notExecuted)
    failed=$(($(count total) - passed - skipped))
fi
[[ $((passed + failed)) -gt 0 || $status -ne 0 ]] || status=1
[[ $failed -eq 0 || $status -ne 0 ]] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status

#!/usr/bin/env bash
# Measures what builds cost; the last line is "NAME ratio <number>".
#
#   eng/bench.sh [NAME]...
#
# NAME is noop, stamp, leaf, core, import, pack, history, signatures, compose, verify or malloc. Without one all run, and the table is kept in eng/benchmarks.md.
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/eng/setup.sh"

# With the tests' engines: compose measures each.
setup test
cd "$root"
dotnet build eng/bench/StageX.Build.Benchmarks.csproj -c Release -nologo -v:quiet -clp:ErrorsOnly
if [[ " ${*:-compose} " == *" compose "* && ! ${DOCKER_HOST-} ]]; then
    work=$(mktemp -d)
    trap 'stop_docker; rm -rf "$work"' EXIT
    start_docker "$work"
fi
artifacts/dotnet/bin/StageX.Build.Benchmarks/release/StageX.Build.Benchmarks "$root" "$@"

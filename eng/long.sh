#!/usr/bin/env bash
# Builds, of the packages that take long, those that changes reach, in a limited time. Prints which it built, and which it left
# to eng/build.sh --all.
#
#   eng/long.sh [--first] CACHE MINUTES
#
# CACHE is a StageXCache that is kept: what was built once is not built again. It remembers the commit at which it had everything,
# and changes count from there. Where it never had, nothing is built, as that takes hours; --first begins, or goes on.
# Example: eng/long.sh --first ~/.cache/stagex 120
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."
first=
if [[ ${1-} == --first ]]; then
    first=1
    shift
fi
cache=${1?which cache?} minutes=${2?how many minutes?}
complete=$cache/complete-at
if ! since=$(cat "$complete" 2> /dev/null); then
    since=$(git hash-object -t tree /dev/null)
    [[ $first ]] || minutes=0
fi
end=$((SECONDS + minutes * 60))

folders() { dotnet msbuild packages/packages.msbuildproj -nologo -getItem:ProjectReference "-p:StageXSet=$1" | sed -n "s|.*\"FullPath\": \"$PWD/\(.*\)/[^/]*\",|\1|p"; }
unasked=$(folders '')
long=$(folders all | grep -vxF "$unasked")
reached=$(eng/reached.sh "$since")
built=() left=()
for folder in $(grep -xF "$long" <<< "$reached" || true); do
    remaining=$((end - SECONDS))
    if [[ $remaining -le 0 || ${#left[@]} -gt 0 ]]; then
        left+=("${folder#packages/}")
        continue
    fi
    status=0
    timeout --kill-after=60 "$remaining" dotnet build "$folder" -nologo -terminalLogger:off "-p:StageXCache=$cache" || status=$?
    case $status in
        0) built+=("${folder#packages/}") ;;
        124 | 137) left+=("${folder#packages/}") ;;
        *) exit "$status" ;;
    esac
done
if [[ ${#left[@]} -eq 0 ]]; then
    git rev-parse HEAD > "$complete"
fi
echo "Packages that take long: ${#built[@]} that changes reach are built${built:+ (${built[*]})}, ${#left[@]} are left to eng/build.sh --all${left:+ (${left[*]})}."

#!/usr/bin/env bash
# Builds packages: the distribution, or what the first argument names.
#
#   eng/build.sh [--all|FOLDER|PROJECT] [ARGUMENT FOR dotnet build]...
#   eng/build.sh --doctor [ARGUMENT FOR dotnet msbuild]...
#
# --all builds the packages that take long as well.
# --doctor builds nothing: it says which container engines work here, and of the others what they lack.
# Example: eng/build.sh packages/user/hwdata -t:Fetch
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/eng/setup.sh"

project=$root/packages/packages.msbuildproj
if [[ ${1-} == --doctor ]]; then
    if ! command -v dotnet > /dev/null; then
        echo "error: the .NET SDK is missing; install dotnet-sdk-10.0 (https://dotnet.microsoft.com/download)" >&2
        exit 1
    fi
    cd "$root"
    exec dotnet msbuild "$project" -nologo -verbosity:minimal -terminalLogger:off -target:Doctor "${@:2}"
fi
arguments=()
if [[ ${1-} == --all ]]; then
    arguments=(-p:StageXSet=all)
    shift
elif [[ $# -gt 0 && $1 != -* ]]; then
    project=$1
    shift
    if [[ -d $project ]]; then
        found=("$project"/*.msbuildproj)
        if [[ ${#found[@]} -ne 1 || ! -f ${found[0]} ]]; then
            echo "error: $project does not hold one .msbuildproj" >&2
            exit 1
        fi
        project=${found[0]}
    fi
    if ! [[ -f $project ]]; then
        echo "error: there is no folder or project $project" >&2
        exit 1
    fi
    project=$(realpath "$project")
fi

setup build
# global.json counts from here.
cd "$root"
exec dotnet build "$project" -nologo "-p:StageXReportFor=$project" "${arguments[@]}" "$@"

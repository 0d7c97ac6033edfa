#!/usr/bin/env bash
# Says which packages a change reaches: those whose folder is not as it was at a commit, and all that are built with them.
# Prints the folder of each, what is built first before what is built with it.
#
#   eng/reached.sh COMMIT
#
# Example: eng/reached.sh origin/main
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=$(git rev-parse --verify --quiet "${1?which commit?}^{tree}") || { echo "error: there is no commit $1" >&2; exit 1; }

# What comes first first: an edge of the graph leads from a package to what it is built with.
dotnet msbuild packages/packages.msbuildproj -nologo -verbosity:quiet -target:Graph -p:StageXSet=all >&2
sed -n 's/^  "\([^"]*\)" -> "\([^"]*\)".*/\2 \1/p; s/^  "\([^"]*\)";/\1 \1/p' artifacts/graph/packages.dot > artifacts/graph/edges
tsort artifacts/graph/edges > artifacts/graph/order
git diff --name-only --no-renames "$base" -- packages | awk -F/ 'NF > 3 { print $2 "-" $3 }' > artifacts/graph/changed
# What a definition names in the folder of another package is lent by it.
grep -oE '\.\./(\.\./[a-z]+/)?[a-z0-9-]+/' packages/*/*/*.msbuildproj packages/*/*/*.props | awk -F'[/:]' '{ print NF == 9 ? $7 "-" $8 : $2 "-" $6, $2 "-" $3 }' > artifacts/graph/lent
awk 'FILENAME ~ /changed$/ { reached[$1] = changed[$1] = 1 }
     FILENAME ~ /lent$/ && $1 in changed { reached[$2] = 1 }
     FILENAME ~ /edges$/ { with[$2] = with[$2] " " $1 }
     FILENAME ~ /order$/ {
         count = split(with[$1], needed, " ")
         for (i = 1; i <= count; i++) if (needed[i] in reached) reached[$1] = 1
         if ($1 in reached) { folder = $1; sub("-", "/", folder); print "packages/" folder }
     }' artifacts/graph/changed artifacts/graph/lent artifacts/graph/edges artifacts/graph/order

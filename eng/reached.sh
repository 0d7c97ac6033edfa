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
dotnet msbuild packages/packages.msbuildproj -nologo -verbosity:quiet -target:Graph -p:StageXSet=all
sed -n 's/^  "\([^"]*\)" -> "\([^"]*\)".*/\2 \1/p; s/^  "\([^"]*\)";/\1 \1/p' artifacts/graph/packages.dot | tsort > artifacts/graph/order
# Whatever a definition names of another package, a project or a file that is lent, it is made of.
grep -oE '\.\./(\.\./[a-z]+/)?[a-z0-9-]+/' packages/*/*/*.msbuildproj packages/*/*/*.props | awk -F'[/:]' '{
    user = $2 "-" $3
    print user, NF == 9 ? $7 "-" $8 : $2 "-" $6 }' > artifacts/graph/uses
git diff --name-only --no-renames "$base" -- packages | awk -F/ 'NF > 3 { print $2 "-" $3 }' > artifacts/graph/changed
awk 'FILENAME ~ /changed$/ { reached[$1] = 1 }
     FILENAME ~ /uses$/ { user[++count] = $1; used[count] = $2 }
     FILENAME ~ /order$/ { order[++packages] = $1 }
     END {
         do {
             more = 0
             for (i = 1; i <= count; i++) if (used[i] in reached && !(user[i] in reached)) { reached[user[i]] = 1; more = 1 }
         } while (more)
         for (i = 1; i <= packages; i++) if (order[i] in reached) { folder = order[i]; sub("-", "/", folder); print "packages/" folder }
     }' artifacts/graph/changed artifacts/graph/uses artifacts/graph/order

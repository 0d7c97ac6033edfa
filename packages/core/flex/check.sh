# All but the few that want a compiler for C++: they cannot be made, and leave no result.
set -- -k check-TESTS
. /stagex/automake-check.sh

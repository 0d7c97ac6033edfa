# Tests in automake's harness; the arguments are make's in the place of "check". Where there is a folder of tests these are the
# package's own, and those that try the C library most of all (gnulib-tests) are left out.
[ ! -d tests ] || cd tests
make ${*:-check} > log 2>&1 || true
cat log
find . -name '*.trs' | sort | while read result; do
    name=${result#./}
    sed -n "s|^:test-result: \\([A-Z]*\\).*|\\1: ${name%.trs}|p" $result
done > /rootfs/results

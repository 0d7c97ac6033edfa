# Tests in automake's harness; the arguments are make's in the place of "check". Where a folder of tests has a makefile these are the
# package's own, and those that try the C library most of all (gnulib-tests) are left out.
[ ! -e tests/Makefile -a ! -e tests/GNUmakefile ] || cd tests
make ${*:-check} > log 2>&1 || true
cat log
find . -name '*.trs' | sort | while read result; do
    name=${result#./}
    name=${name%.trs}
    sed -n "s|^:test-result: \\([A-Z]*\\).*|\\1: $name|p" $result
    # Why it failed, for whoever reads what the tests printed.
    ! grep -q '^:test-result: FAIL' $result || tail -n 20 $name.log >&2
done > /rootfs/results

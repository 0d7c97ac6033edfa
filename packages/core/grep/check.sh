# Its own tests; those of the library that it shares with others (gnulib-tests) try the C library most of all.
make -C tests check > log 2>&1 || true
cat log
find tests -name '*.trs' | sort | while read result; do
    name=${result##*/}
    sed -n "s/^:test-result: \\([A-Z]*\\).*/\\1: ${name%.trs}/p" $result
done > /rootfs/results

# The examples of its manual. The tests of the library that it shares with others (tests) try the C library most of all.
make -C checks check > log 2>&1 || true
cat log
# "Checking ./001.files" for each; in the end those that were skipped, "  ./001.files ...", and those that failed, "  ./001.files:out".
sed -n '/^Skipped checks were:/,/^Failed checks were:/p' log > skipped
sed -n '/^Failed checks were:/,$p' log > failed
sed -n 's/^Checking \.\/\([^ ]*\)$/\1/p' log | while read name; do
    result=PASS
    ! grep -qw "\./$name" skipped || result=SKIP
    ! grep -q "\./$name:" failed || result=FAIL
    echo "$result: $name"
done > /rootfs/results

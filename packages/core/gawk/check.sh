# A test that fails leaves what it printed, with a name that begins with a line.
make -k -C test check > log 2>&1 || true
cat log
for test in $(grep '^[a-z][a-zA-Z0-9_-]*$' log | sort -u); do
    if [ $test = clos1way6 ]; then
        # Which of its two processes prints first is chance.
        echo SKIP: $test
    elif [ -e test/_$test ]; then
        echo FAIL: $test
        { echo $test; diff test/$test.ok test/_$test || true; } >&2
    else
        echo PASS: $test
    fi
done > /rootfs/results

# Each test is a target of the makefile.
cd tests
for test in lz4-basic lz4-multiple lz4-multiple-legacy lz4-frame-concatenation lz4-testmode lz4-contentSize lz4-sparse lz4-skippable lz4-dict \
    lz4-opt-parser decompress-partial; do
    if make test-$test > log 2>&1; then
        echo PASS: $test
    else
        echo FAIL: $test
        tail -n 20 log >&2
    fi
done > /rootfs/results

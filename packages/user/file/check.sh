# As its makefile does, which ends at the first failure: each file is one, with what it is to be said to be.
make -C tests test
cd tests
for file in *.testfile; do
    test=${file%.testfile}
    magic=$(ls $test*.magic 2> /dev/null | tr '\n' ':' | sed 's/:$//')
    if MAGIC=${magic:-../magic/magic} ./test -e$(cat $test.flags 2> /dev/null) $file $test.result; then
        echo PASS: $test
    else
        echo FAIL: $test
    fi
done > /rootfs/results

# One line for each method, with the size of what it compressed; it stops at the first that does not give the same back.
./lzotest/lzotest -mlzo -n2 -q COPYING > log 2>&1 && status=PASS || status=FAIL
cat log
sed -n 's/^\(LZO[^ ]*\) .*/PASS: \1/p' log > /rootfs/results
echo "$status: all methods" >> /rootfs/results
./examples/simple > log 2>&1 && grep -q passed log && status=PASS || status=FAIL
echo "$status: simple" >> /rootfs/results

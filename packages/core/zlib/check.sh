# It says "*** zlib test OK ***", or FAILED.
make test > log 2>&1 || true
cat log
sed -n -e 's/.*\*\*\* \(.*\) OK \*\*\*.*/PASS: \1/p' -e 's/.*\*\*\* \(.*\) FAILED \*\*\*.*/FAIL: \1/p' log > /rootfs/results

make -C tests check > log 2>&1 || true
cat log
sed -n 's/^ *\([0-9]*\): \(.*[^ ]\)  *ok$/PASS: \1 \2/p; s/^ *\([0-9]*\): \(.*[^ ]\)  *FAILED (.*/FAIL: \1 \2/p; s/^ *\([0-9]*\): \(.*[^ ]\)  *skipped (.*/SKIP: \1 \2/p' log > /rootfs/results

# It ends where it wants to reach a server. A line for each: number, what is tried, and in colours PASSED, FAILED or SKIPPED.
make CC=cc OPTIMIZATION=-O2 WARNINGS= DEBUG_FLAGS= hiredis-test
./hiredis-test > log 2>&1 || true
cat log
tr -d '\033' < log | sed -n 's/^#[0-9]* \(.*[^: ]\):* *\[[0-9;]*m\(PASS\|FAIL\|SKIP\)[A-Z]*\[.*/\2: \1/p' > /rootfs/results

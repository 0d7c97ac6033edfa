# Those in C++ want Google's library. These run ninja, and read what it prints.
python3 misc/output_test.py -v > log 2>&1 || true
python3 misc/ninja_syntax_test.py -v >> log 2>&1 || true
cat log
sed -n 's/^\(test[A-Za-z0-9_]*\) (.* ok$/PASS: \1/p; s/^\(test[A-Za-z0-9_]*\) (.* \(FAIL\|ERROR\)$/FAIL: \1/p; s/^\(test[A-Za-z0-9_]*\) (.* skipped .*/SKIP: \1/p' log > /rootfs/results

# Names end with how the test went; of one that failed they stand once more, in brackets.
test/regress > log 2>&1 || true
cat log
sed -n 's/^\([a-z_0-9]*\/[^ :]*\): OK$/PASS: \1/p; s/^\([a-z_0-9]*\/[^ :]*\): SKIPPED$/SKIP: \1/p; s/^ *\[\(.*\) FAILED\]$/FAIL: \1/p' log > /rootfs/results

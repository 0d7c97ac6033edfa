# What upstream's makefile does under "test", with a result for each.
export LD_LIBRARY_PATH=$PWD
check() {
    if cmp $1 $2; then echo "PASS: $1"; else echo "FAIL: $1"; fi
}
for n in 1 2 3; do
    ./bzip2 -$n < sample$n.ref > sample$n.rb2
    check sample$n.rb2 sample$n.bz2
    small=
    [ $n = 3 ] && small=s
    ./bzip2 -d$small < sample$n.bz2 > sample$n.tst
    check sample$n.tst sample$n.ref
done > /rootfs/results

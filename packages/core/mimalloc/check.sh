# Programs that begin as those of a dependent do.
cp /rootfs/usr/lib/crt1.o /usr/lib
cc -I include -o check /stagex/check.c
./check > log 2>&1 || echo "FAIL: exit" >> log
cat log
cp log /rootfs/results

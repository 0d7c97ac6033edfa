# Each is one that openssl reads, and that has signed itself.
bundle=/rootfs/etc/ssl/certs/ca-certificates.crt
openssl storeutl -noout -certs $bundle | tail -n 1
count=$(grep -c BEGIN $bundle)
awk -v RS= '{ file = "certificate-" NR; print > file; close(file) }' $bundle
for n in $(seq 1 $count); do
    if openssl verify -no_check_time -CAfile certificate-$n certificate-$n > log 2>&1; then echo "PASS: certificate $n"; else echo "FAIL: certificate $n"; cat log; fi
done > /rootfs/results
cat /rootfs/results

mkdir -p /rootfs/etc/ssl/certs
python3 /stagex/bundle.py mozilla/certdata.txt > /rootfs/etc/ssl/certs/ca-certificates.crt
ln -s certs/ca-certificates.crt /rootfs/etc/ssl/cert.pem

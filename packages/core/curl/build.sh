set -- --with-openssl --with-zstd --without-libpsl --without-libssh2 --without-brotli --without-nghttp2 --without-libidn2 --disable-ldap --disable-manual --disable-docs \
    --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt
. /stagex/autotools.sh

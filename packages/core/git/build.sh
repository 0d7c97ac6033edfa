set -- prefix=/usr CC='cc -s' CFLAGS=-O2 NO_GETTEXT=1 NO_PERL=1 NO_PYTHON=1 NO_TCLTK=1 USE_LIBPCRE2=1 NO_REGEX=NeedsStartEnd ICONV_OMITS_BOM=1 \
    INSTALL_SYMLINKS=1 CURL_LDFLAGS=-lcurl GIT_USER_AGENT=git/2.47.3
make -j$(cat /stagex/jobs) "$@"
make DESTDIR=/rootfs "$@" install
rm -rf /rootfs/usr/share/git-core/templates/hooks

# A list of its files, from which a page about its modules is made.
find * -type f | sort > MANIFEST
# When, where and by whom it was built is part of what it says of itself.
cat > config.over <<'END'
cf_by=builder
cf_email=builder@localhost
cf_time='Thu Jan  1 00:00:01 UTC 1970'
myhostname=localhost
mydomain=
myuname=linux
osvers=
END
sh Configure -des -Dcc=cc -Doptimize=-O2 -Dldflags=-s -Dlddlflags='-shared -s' -Dprefix=/usr -Dvendorprefix=/usr \
    -Darchname=x86_64-linux -Uusenm -Duselargefiles -Dman1dir=none -Dman3dir=none -Dd_semctl_semun -Di_db=undef -Di_gdbm=undef -Di_ndbm=undef
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
find /rootfs -name '*.pod' -o -name .packlist -o -name perllocal.pod | xargs rm -f

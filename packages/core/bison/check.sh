# Without what wants a compiler of C++, D or Java.
make check-tests TESTSUITEFLAGS="-j$(cat /stagex/jobs) -k '!c++,!java,!d'" extract=true INFO_DEPS= > log 2>&1 || true
cat log
# " 12: what is tried      ok" for each, or "skipped (where)", or "FAILED (where)".
grep '^ *[0-9]*: ' log | while read number name; do
    case $name in
    *' ok') result=PASS ;;
    *' skipped ('*) result=SKIP ;;
    *) result=FAIL ;;
    esac
    name=$(echo "$name" | sed 's/  *ok$//; s/  *skipped (.*//; s/  *FAILED (.*//; s/[^A-Za-z0-9]\{1,\}/-/g; s/-$//')
    echo "$result: ${number%:}.$name"
done > /rootfs/results

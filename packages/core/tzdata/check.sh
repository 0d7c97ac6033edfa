# zone SECONDS ZONE TIME: what that many seconds since 1970 are there.
zone() {
    is=$(TZ=/rootfs/usr/share/zoneinfo/$2 date -d @$1 '+%Y-%m-%d %H:%M %Z')
    if [ "$is" = "$3" ]; then echo "PASS: $2 $1"; else echo "FAIL: $2 $1"; echo "$2: $is" >&2; fi
}
{
    zone 0 Etc/UTC '1970-01-01 00:00 UTC'
    zone 0 America/New_York '1969-12-31 19:00 EST'
    zone 1750000000 America/New_York '2025-06-15 11:06 EDT'
    zone 1750000000 Europe/Berlin '2025-06-15 17:06 CEST'
    zone 1735689600 Europe/Berlin '2025-01-01 01:00 CET'
    zone 1735689600 Asia/Kolkata '2025-01-01 05:30 IST'
    zone 1735689600 Asia/Kathmandu '2025-01-01 05:45 +0545'
    zone 1735689600 Australia/Lord_Howe '2025-01-01 11:00 +11'
    # After the last change that is listed, by rule.
    zone 4102444800 Europe/London '2100-01-01 00:00 GMT'
    zone 4118083200 Europe/London '2100-07-01 01:00 BST'
} > /rootfs/results

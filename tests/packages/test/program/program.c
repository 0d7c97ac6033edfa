/* Compresses a text with zlib and with bzip2, restores it, and compares its digest by libmd with the known one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <sha2.h>
#include <zlib.h>

enum { length = 100000 };

static void check(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "%s: wrong\n", what);
        exit(1);
    }
    printf("%s: right\n", what);
}

int main(void)
{
    static char text[length], packed[2 * length], restored[length];
    for (int i = 0; i < length; i++)
        text[i] = 'a' + i % 26;

    uLongf zlib_packed = sizeof packed, zlib_restored = sizeof restored;
    check(compress((Bytef *)packed, &zlib_packed, (Bytef *)text, length) == Z_OK && zlib_packed < length / 10 &&
          uncompress((Bytef *)restored, &zlib_restored, (Bytef *)packed, zlib_packed) == Z_OK &&
          zlib_restored == length && memcmp(text, restored, length) == 0, "zlib " ZLIB_VERSION);

    unsigned bzip2_packed = sizeof packed, bzip2_restored = sizeof restored;
    memset(restored, 0, sizeof restored);
    check(BZ2_bzBuffToBuffCompress(packed, &bzip2_packed, text, length, 9, 0, 0) == BZ_OK && bzip2_packed < length / 10 &&
          BZ2_bzBuffToBuffDecompress(restored, &bzip2_restored, packed, bzip2_packed, 0, 0) == BZ_OK &&
          bzip2_restored == length && memcmp(text, restored, length) == 0, "bzip2");

    char digest[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data((const uint8_t *)restored, length, digest);
    check(strcmp(digest, "bc634ceb27746878af610424e3afd5024f31e06f1f3479deda6cb33a21258bf7") == 0, "libmd");
    return 0;
}

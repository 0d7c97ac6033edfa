// What upstream's configure would write: TinyCC for x86_64, static, with its files where this distribution has them.
#define TCC_VERSION "0.9.27"
#define ONE_SOURCE 1
#define TCC_TARGET_X86_64 1
#define CONFIG_TCC_STATIC 1
// Without bounds checking and backtraces, which want signals and threads of the library.
#define CONFIG_TCCBOOT 1
#define CONFIG_TCCDIR "/usr/lib/tcc"
#define CONFIG_TCC_CRTPREFIX "/usr/lib"
#define CONFIG_TCC_LIBPATHS "/usr/lib"
#define CONFIG_TCC_SYSINCLUDEPATHS "/usr/lib/tcc/include:/usr/include"

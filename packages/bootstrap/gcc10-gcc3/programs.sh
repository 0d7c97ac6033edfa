# The compiler used as its users do: quietly.
# Prints a line for each of what it compiles and runs.
cd /tmp
. /stagex/quietly.sh
cat > program.c <<END
#include <assert.h>
#include <complex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
static _Thread_local int local = 3;
static atomic_int count;
int main(void) {
    char text[64];
    snprintf(text, sizeof text, "%d %.1f %.1Lf", ++local, 2.5, 3.5L);
    assert(strcmp(text, "4 2.5 3.5") == 0);
    atomic_fetch_add(&count, 2);
    assert(count == 2);
    assert(creal((1 + 2 * I) * (3 - 1 * I)) == 5);
    __int128 large = (__int128)1 << 100;
    assert(large / ((__int128)1 << 98) == 4);
    return 0;
}
END
cat > program.cc <<END
#undef NDEBUG
#include <cassert>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>
struct base { virtual ~base() = default; };
struct derived : base { };
template <typename... T> auto sum(T... values) { return (values + ...); }
int main() {
    std::map<std::string, int> numbers{{"one", 1}, {"two", 2}};
    std::ostringstream text;
    for (auto& [name, number] : numbers) text << name << '=' << number << ' ';
    text << 2.5;
    assert(text.str() == "one=1 two=2 2.5");
    static_assert(std::string_view("view").size() == 4);
    assert(sum(1, 2, 3) == 6);
    std::unique_ptr<base> object = std::make_unique<derived>();
    assert(dynamic_cast<derived*>(object.get()));
    try { throw std::string("thrown"); } catch (const std::string& what) { assert(what == "thrown"); }
    std::variant<int, std::string> either = "text";
    try { std::get<int>(either); assert(false); } catch (const std::bad_variant_access&) { }
    assert(std::regex_match("gcc-10.2", std::regex("[a-z]+-([0-9]+)\\\\.[0-9]+")));
    assert(std::filesystem::is_directory("/tmp"));
    assert(!std::optional<int>());
    std::mutex mutex;
    int count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] { for (int j = 0; j < 1000; j++) { std::lock_guard lock(mutex); count++; } });
    for (auto& thread : threads) thread.join();
    assert(count == 4000);
}
END
for level in -O0 -O1 -O2 -O3; do
    check "C $level" gcc $level -o program program.c
    check "C $level, run" ./program
    check "C++ $level" g++ -std=c++17 $level -o program program.cc
    check "C++ $level, run" ./program
done
check_options

# What is installed, used as its users do: quietly. It is no part of the root it was built in.
cd /tmp
export PATH=/rootfs/usr/bin:$PATH
. /stagex/quietly.sh
cat > program.cc <<END
#include <cassert>
#include <map>
#include <sstream>
#include <string>
struct base { virtual ~base() { } };
struct derived : base { };
struct bits { unsigned small : 16, one : 1; unsigned whole : 32; };
int main() {
    bits some = { 5, 1, 5 };
    const bits* object_of_bits = &some;
    assert(-1 < some.small && some.one - 2 < 0 && -object_of_bits->small < 0 && ~some.one < 0);
    assert(-1 > some.whole && (unsigned) some.small - 6 > 0 && (unsigned) object_of_bits->small - 6 > 0);
    std::map<std::string, int> numbers;
    numbers["one"] = 1;
    std::ostringstream text;
    text << numbers["one"] << ' ' << 2.5;
    assert(text.str() == "1 2.5");
    base* object = new derived;
    assert(dynamic_cast<derived*>(object));
    try { throw std::string("thrown"); } catch (const std::string& what) { assert(what == "thrown"); }
}
END
{
    for level in -O0 -O1 -O2 -O3; do
        check "C++ $level" g++ $level -o program program.cc
        check "C++ $level, run" ./program
    done
    check_options
} > /rootfs/results
cat /rootfs/results

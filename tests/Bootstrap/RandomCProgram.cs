using System.Globalization;
using System.Text;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>
/// Writes a C program from a seed that prints what it calculates. It has nothing undefined in it but overflow, which
/// wraps: divisors are not zero, shifts are short, what becomes an integer is in range, loops end, and what is called
/// within expressions has no effects, so that the order of evaluation does not matter.
/// </summary>
internal sealed class RandomCProgram
{
    private static readonly string[] IntegerTypes =
        ["char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long", "unsigned long", "long long", "_Bool"];
    private static readonly string[] FloatingTypes = ["float", "double", "long double"];

    private static readonly string[] IntegerConstants =
        ["0", "1", "2", "3", "7", "10", "100", "127", "128", "255", "256", "32767", "32768", "65535", "65536", "0x7fffffff", "0x80000000", "0xffffffff",
         "2147483647", "2147483648", "4294967295u", "0x7fffffffffffffff", "0x8000000000000000", "0xffffffffffffffff", "1u", "1l", "1ul", "-1", "-2", "-128",
         "-32768", "(-2147483647 - 1)", "'a'", "'\\377'", "sizeof(long)", "012345", "0x123456789abcdef", "5ll", "K0", "K1", "K2"];

    private static readonly string[] FloatingConstants =
        ["0.0", "1.0", "-1.5", "0.1", "0.1f", "0.1L", "1e10", "1e-10", "3.14159f", "2.5L", "1e300", "1e-300", "16777217.0f", "123456789.125", "1e38f", ".5", "7."];

    private const string Prologue = """
        #include <stdio.h>
        enum { K0 = 5, K1 = -3, K2 = 70 };
        struct s { signed char a; int b : 5; unsigned c : 11; long d; double e; short f[3]; };
        struct t { struct s in[2]; float x; unsigned char y; };
        union u { int i; unsigned char b[8]; float f; long l; struct { unsigned short lo, hi; } h; };
        static long integer(long double d) { return d > -9e18L && d < 9e18L ? (long)d : 0; }
        static void show_integer(const char *name, long v) { printf("%s %ld\n", name, v); }
        static void show_floating(const char *name, long double v) { if (v != v) printf("%s NaN\n", name); else printf("%s %.21Lg\n", name, v); }
        static void show_struct(const char *name, struct s v) { printf("%s %d %d %d %ld %d %d %d\n", name, v.a, v.b, v.c, v.d, v.f[0], v.f[1], v.f[2]); show_floating(name, v.e); }

        """;

    private readonly Random _random;
    private readonly StringBuilder _text = new();
    private readonly List<Function> _functions = [];
    private List<Variable> _variables = [];
    private readonly List<Variable> _globals = [];
    private int _names;
    private int _loops;
    private int _calls;
    private bool _pure;

    private RandomCProgram(int seed) => _random = new Random(seed);

    private enum Kind { Integer, Floating, Struct, IntegerArray, FloatingArray, Pointer, Union }

    private sealed record Variable(string Name, Kind Kind, string Type, int Length = 0, bool IsConstant = false);

    private sealed record Function(string Name, Kind Kind, IReadOnlyList<Variable> Parameters);

    public static string Write(int seed) => new RandomCProgram(seed).Write();

    private string Write()
    {
        _text.Append(Prologue);
        Globals();
        for (var i = 0; i < 5; i++)
            PureFunction();
        for (var i = 0; i < 3; i++)
            Procedure(i);
        Line("int main(void) {");
        for (var i = 0; i < 3; i++)
            Line($"procedure{i}();");
        foreach (var variable in _globals)
            Show(variable);
        Line("return 0; }");
        return _text.ToString();
    }

    private void Globals()
    {
        foreach (var type in IntegerTypes)
            Global(Kind.Integer, type, Pick(IntegerConstants));
        foreach (var type in FloatingTypes)
            Global(Kind.Floating, type, Pick(FloatingConstants));
        Global(Kind.IntegerArray, Pick(IntegerTypes), $"{{ {Pick(IntegerConstants)}, {Pick(IntegerConstants)}, [5] = {Pick(IntegerConstants)} }}", 8);
        Global(Kind.IntegerArray, Pick(IntegerTypes), $"{{ {Pick(IntegerConstants)} }}", 4);
        Global(Kind.FloatingArray, Pick(FloatingTypes), $"{{ {Pick(FloatingConstants)}, {Pick(FloatingConstants)} }}", 4);
        Global(Kind.Struct, "struct s", "{ 1, -2, 3, 4, 5.5, { 6, 7 } }");
        Global(Kind.Struct, "struct s", $"{{ .c = {Pick(IntegerConstants)}, .d = {Pick(IntegerConstants)}, .f = {{ [1] = {Pick(IntegerConstants)} }} }}");
        Global(Kind.Union, "union u", $"{{ {Pick(IntegerConstants)} }}");
        Line("static struct t nested = { { { 1 }, { .e = 0.5 } }, 2.5f, 200 };");
    }

    private void Global(Kind kind, string type, string value, int length = 0)
    {
        var name = NewName("g");
        Line($"static {type} {name}{(length > 0 ? $"[{length}]" : "")} = {value};");
        _globals.Add(new Variable(name, kind, type, length));
    }

    private void PureFunction()
    {
        _pure = true;
        _calls = 2;
        var kind = Pick([Kind.Integer, Kind.Integer, Kind.Floating, Kind.Struct]);
        var type = kind switch { Kind.Integer => Pick(IntegerTypes), Kind.Floating => Pick(FloatingTypes), _ => "struct s" };
        var parameters = new List<Variable>();
        for (var i = _random.Next(6); i >= 0; i--)
            parameters.Add(_random.Next(4) switch
            {
                0 => new Variable(NewName("p"), Kind.Floating, Pick(FloatingTypes)),
                1 when _random.Next(2) == 0 => new Variable(NewName("p"), Kind.Struct, "struct s"),
                _ => new Variable(NewName("p"), Kind.Integer, Pick(IntegerTypes)),
            });
        var name = NewName("f");
        Line($"static {type} {name}({string.Join(", ", parameters.Select(parameter => $"{parameter.Type} {parameter.Name}"))}) {{");
        _variables = [.. _globals.Select(global => global with { IsConstant = true }), .. parameters];
        Body(3);
        Line($"return {(kind switch { Kind.Integer => Integer(3), Kind.Floating => Floating(3), _ => Struct(2) })};");
        Line("}");
        // Not before: it must not call itself.
        _functions.Add(new Function(name, kind, parameters));
    }

    private void Procedure(int number)
    {
        _pure = false;
        _calls = 8;
        _variables = [.. _globals];
        Line($"static void procedure{number}(void) {{");
        Body(8);
        foreach (var variable in _variables.Except(_globals))
            Show(variable);
        Line("}");
    }

    private void Body(int statements)
    {
        for (var i = _random.Next(4) + 1; i > 0; i--)
            Local();
        for (var i = 0; i < statements; i++)
            Statement(2);
    }

    private void Local()
    {
        var name = NewName("v");
        switch (_random.Next(7))
        {
            case 0:
                var floating = Pick(FloatingTypes);
                Declare(new Variable(name, Kind.Floating, floating), Floating(2));
                break;
            case 1:
                Declare(new Variable(name, Kind.Struct, "struct s"), _random.Next(2) == 0 ? Struct(2) : $"{{ .d = {Integer(2)}, .b = {Integer(1)}, .f = {{ {Integer(1)}, [2] = {Integer(1)} }} }}");
                break;
            case 2:
                Declare(new Variable(name, Kind.IntegerArray, Pick(IntegerTypes), 4), $"{{ {Integer(1)}, {Integer(2)} }}");
                break;
            case 3 when _variables.Any(v => v is { Kind: Kind.IntegerArray, IsConstant: false }):
                var array = Pick([.. _variables.Where(v => v is { Kind: Kind.IntegerArray, IsConstant: false })]);
                Declare(new Variable(name, Kind.Pointer, array.Type, 2), $"{array.Name} + {_random.Next(array.Length - 1)}");
                break;
            default:
                Declare(new Variable(name, Kind.Integer, Pick(IntegerTypes)), Integer(2));
                break;
        }
    }

    private void Declare(Variable variable, string value)
    {
        var declarator = variable.Kind == Kind.Pointer ? "*" + variable.Name : variable.Kind == Kind.IntegerArray ? $"{variable.Name}[{variable.Length}]" : variable.Name;
        Line($"{variable.Type} {declarator} = {value};");
        _variables.Add(variable);
    }

    private void Statement(int depth)
    {
        switch (depth == 0 ? _random.Next(4) : _random.Next(12))
        {
            case 4:
                Line($"if ({Condition()}) {{");
                Nested(depth);
                if (_random.Next(2) == 0)
                {
                    Line("} else {");
                    Nested(depth);
                }
                Line("}");
                break;
            case 5:
            case 6:
                Loop(depth);
                break;
            case 7:
                Line($"switch ({Integer(2)}) {{");
                foreach (var value in ((string[])["0", "1", "-1", "'a'", "255", "0x7fffffff"]).Where(_ => _random.Next(2) == 0))
                {
                    Line($"case {value}:");
                    Nested(0);
                    if (_random.Next(3) > 0)
                        Line("break;");
                }
                Line("default:");
                Nested(0);
                Line("}");
                break;
            case 8:
                var label = NewName("l");
                Line($"if ({Condition()}) goto {label};");
                Nested(depth);
                Line($"{label}: ;");
                break;
            default:
                Assignment();
                break;
        }
    }

    /// <summary>One or two statements; what they declare is gone afterwards.</summary>
    private void Nested(int depth)
    {
        var outer = _variables;
        _variables = [.. outer];
        Line("{");
        if (_random.Next(4) == 0)
            Local();
        for (var i = _random.Next(2); i >= 0; i--)
            Statement(depth == 0 ? 0 : depth - 1);
        Line("}");
        _variables = outer;
    }

    private void Loop(int depth)
    {
        var calls = _calls;
        if (_pure)
            _calls = 0;
        _loops++;
        var counter = NewName("n");
        var leave = _random.Next(3) == 0 ? $"if ({Condition()}) {Pick(["break", "continue"])};" : "";
        switch (_random.Next(3))
        {
            case 0:
                Line($"for (int {counter} = 0; {counter} < {_random.Next(1, 5)}; {counter}++) {{ {leave}");
                Nested(depth);
                Line("}");
                break;
            case 1:
                Line($"{{ int {counter} = {_random.Next(1, 5)}; while ({counter}-- > 0) {{ {leave}");
                Nested(depth);
                Line("} }");
                break;
            default:
                Line($"{{ unsigned {counter} = 0; do {{ {leave}");
                Nested(depth);
                Line($"}} while (++{counter} < {_random.Next(1, 5)}); }}");
                break;
        }
        _loops--;
        _calls = calls;
    }

    private void Assignment()
    {
        switch (_random.Next(8))
        {
            case 0:
                var floating = FloatingPlace();
                if (floating is not null)
                    Line($"{floating} {Pick(["=", "+=", "-=", "*=", "/="])} {(_random.Next(3) == 0 ? Integer(2) : Floating(3))};");
                break;
            case 1:
                var structs = _variables.Where(v => v is { Kind: Kind.Struct, IsConstant: false }).ToArray();
                if (structs.Length > 0)
                    Line($"{Pick(structs).Name} = {Struct(2)};");
                else if (!_pure)
                    Line($"nested.in[{Integer(1)} & 1] = {Struct(1)};");
                break;
            case 2:
                var changed = IntegerPlace();
                // In parentheses: of *p++ the pointer would move, and point at nothing after some turns of a loop.
                Line(Pick([$"({changed})++;", $"--{changed};", $"({changed})--;", $"++{changed};"]));
                break;
            case 3:
                Line($"{IntegerPlace()} {Pick(["<<=", ">>="])} {Integer(1)} & 7;");
                break;
            case 4:
                Line($"{IntegerPlace()} {Pick(["/=", "%="])} ({Integer(2)} & 15) + 1;");
                break;
            default:
                Line($"{IntegerPlace()} {Pick(["=", "=", "=", "+=", "-=", "*=", "&=", "|=", "^="])} {Integer(3)};");
                break;
        }
    }

    private string IntegerPlace()
    {
        var places = _variables.Where(v => !v.IsConstant).Select(v => v.Kind switch
        {
            Kind.Integer => v.Name,
            Kind.IntegerArray => $"{v.Name}[{Integer(1)} & {v.Length - 1}]",
            Kind.Pointer => Pick([$"*{v.Name}", $"{v.Name}[1]", $"(*({v.Name} + 1))"]),
            Kind.Struct => $"{v.Name}.{Pick(["a", "b", "c", "d", "f[1]", "f[2]"])}",
            Kind.Union => $"{v.Name}.{Pick(["i", "b[3]", "l", "h.hi"])}",
            _ => null,
        }).OfType<string>().ToArray();
        if (places.Length == 0)
        {
            Line("long spare" + ++_names + " = 1;");
            _variables.Add(new Variable("spare" + _names, Kind.Integer, "long"));
            return "spare" + _names;
        }
        return Pick(places);
    }

    private string? FloatingPlace()
    {
        var places = _variables.Where(v => !v.IsConstant).Select(v => v.Kind switch
        {
            Kind.Floating => v.Name,
            Kind.FloatingArray => $"{v.Name}[{Integer(1)} & {v.Length - 1}]",
            Kind.Struct => $"{v.Name}.e",
            _ => null,
        }).OfType<string>().ToArray();
        return places.Length == 0 ? null : Pick(places);
    }

    private string Condition() => _random.Next(4) == 0 ? Floating(2) : Integer(2);

    private string Integer(int depth)
    {
        if (depth <= 0)
            return IntegerLeaf();
        string Operand() => Integer(depth - 1 - _random.Next(2));
        switch (_random.Next(18))
        {
            case 0:
                return $"({Pick(IntegerTypes)})({Operand()})";
            case 1:
                return $"({Pick(["-", "~", "!", "+"])}({Operand()}))";
            case 2:
                return $"({Operand()} {Pick(["<<", ">>"])} ({Operand()} & 15))";
            case 3:
                // Never by one: gcc makes a - b / 1 into a + b / -1, which traps on the smallest b, -fwrapv or not.
                return $"({Operand()} {Pick(["/", "%"])} (({Operand()} & 63) + 2))";
            case 4:
            case 5:
                return $"({Operand()} {Pick(["<", ">", "<=", ">=", "==", "!="])} {Operand()})";
            case 6:
                return $"({Operand()} {Pick(["&&", "||"])} {Operand()})";
            case 7:
                return $"({Operand()} ? {Operand()} : {Operand()})";
            case 8:
                return $"({Floating(depth - 1)} {Pick(["<", ">", "<=", ">=", "==", "!="])} {Floating(depth - 1)})";
            case 9:
                return $"integer({Floating(depth - 1)})";
            case 10:
                // gcc 12 breaks down on (_Bool)(1, 2).
                return $"({_globals[0].Name}, {Operand()})";
            case 11:
                return Call(Kind.Integer, depth) ?? IntegerLeaf();
            case 12:
                return $"(({(_random.Next(2) == 0 ? "unsigned " : "")}int){Operand()})";
            case 13:
                return $"({Struct(depth - 1)}).{Pick(["a", "b", "c", "d", "f[1]"])}";
            default:
                return $"({Operand()} {Pick(["+", "-", "*", "&", "|", "^"])} {Operand()})";
        }
    }

    private string IntegerLeaf()
    {
        if (_random.Next(3) == 0)
            return Pick(IntegerConstants);
        var variable = Pick(_variables);
        return variable.Kind switch
        {
            Kind.Integer => variable.Name,
            Kind.IntegerArray => $"{variable.Name}[{_random.Next(variable.Length)}]",
            Kind.Pointer => Pick([$"*{variable.Name}", $"{variable.Name}[1]"]),
            Kind.Struct => $"{variable.Name}.{Pick(["a", "b", "c", "d", "f[0]"])}",
            Kind.Union => $"{variable.Name}.{Pick(["i", "b[2]", "l", "h.lo"])}",
            _ => Pick(["nested.in[1].c", "nested.y", Pick(IntegerConstants)]),
        };
    }

    private string Floating(int depth)
    {
        if (depth <= 0)
            return FloatingLeaf();
        string Operand() => Floating(depth - 1 - _random.Next(2));
        return _random.Next(10) switch
        {
            0 => $"({Pick(FloatingTypes)})({Integer(depth - 1)})",
            1 => $"(-({Operand()}))",
            2 => $"({Condition()} ? {Operand()} : {Operand()})",
            3 => Call(Kind.Floating, depth) ?? FloatingLeaf(),
            4 => $"({Pick(FloatingTypes)})({Operand()})",
            5 => $"({Operand()} {Pick(["+", "-", "*"])} {Integer(depth - 1)})",
            _ => $"({Operand()} {Pick(["+", "-", "*", "/"])} {Operand()})",
        };
    }

    private string FloatingLeaf()
    {
        var variables = _variables.Where(v => v.Kind is Kind.Floating or Kind.FloatingArray or Kind.Struct).ToArray();
        if (variables.Length == 0 || _random.Next(3) == 0)
            return Pick(FloatingConstants);
        var variable = Pick(variables);
        return variable.Kind switch
        {
            Kind.Floating => variable.Name,
            Kind.FloatingArray => $"{variable.Name}[{_random.Next(variable.Length)}]",
            _ => $"{variable.Name}.e",
        };
    }

    private string Struct(int depth)
    {
        var variables = _variables.Where(v => v.Kind == Kind.Struct).Select(v => v.Name).ToArray();
        if (depth > 0)
            switch (_random.Next(4))
            {
                case 0:
                    return $"({Integer(depth - 1)} ? {Struct(depth - 1)} : {Struct(depth - 1)})";
                case 1 when Call(Kind.Struct, depth) is { } call:
                    return call;
                case 2:
                    return $"(struct s){{ {Integer(1)}, {Integer(1)}, .d = {Integer(depth - 1)}, .e = {Floating(depth - 1)} }}";
            }
        return Pick([.. variables, "nested.in[1]"]);
    }

    private string? Call(Kind kind, int depth)
    {
        var functions = _functions.Where(function => function.Kind == kind).ToArray();
        if (functions.Length == 0 || _calls == 0)
            return null;
        _calls--;
        var function = Pick(functions);
        return $"{function.Name}({string.Join(", ", function.Parameters.Select(parameter => parameter.Kind switch
        {
            Kind.Integer => Integer(depth - 1),
            Kind.Floating => _random.Next(3) == 0 ? Integer(depth - 1) : Floating(depth - 1),
            _ => Struct(depth - 1),
        }))})";
    }

    private void Show(Variable v)
    {
        switch (v.Kind)
        {
            case Kind.Integer:
                Line($"show_integer(\"{v.Name}\", {v.Name});");
                break;
            case Kind.Floating:
                Line($"show_floating(\"{v.Name}\", {v.Name});");
                break;
            case Kind.Struct:
                Line($"show_struct(\"{v.Name}\", {v.Name});");
                break;
            case Kind.Union:
                Line($"show_integer(\"{v.Name}\", {v.Name}.l);");
                break;
            default:
                for (var i = 0; i < v.Length; i++)
                    Line($"{(v.Kind == Kind.FloatingArray ? "show_floating" : "show_integer")}(\"{v.Name}[{i}]\", {v.Name}[{i}]);");
                break;
        }
    }

    private string NewName(string prefix) => prefix + (++_names).ToString(CultureInfo.InvariantCulture);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private void Line(string line) => _text.Append(line).Append('\n');
}

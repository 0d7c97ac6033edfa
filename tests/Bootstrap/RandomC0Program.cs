using System.Text;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>
/// A program in C0 that is made up from a seed, and whose meaning C defines: it ends, its divisors are not zero, its
/// indices are in range, and no expression depends on the order in which its parts are evaluated.
/// </summary>
/// <remarks>
/// C0 calculates with long only, C with int where it can. So what would be an int in C is cast: literals, chars,
/// comparisons. Overflow wraps.
/// </remarks>
internal sealed class RandomC0Program
{
    private static readonly string[] Arithmetic = ["+", "-", "*", "&", "|", "^"];
    private static readonly string[] Comparisons = ["<", ">", "<=", ">=", "==", "!=", "&&", "||"];
    private static readonly string[] Assignments = ["=", "+=", "-=", "*=", "&=", "|=", "^="];

    private readonly Random _random;
    private readonly StringBuilder _text = new();
    private readonly List<string> _locals = [];
    private int _depth;

    private RandomC0Program(int seed) => _random = new Random(seed);

    public static string Write(int seed, int functions)
    {
        var program = new RandomC0Program(seed);
        program._text.Append("""

            struct item { long v; char c; struct item *next; char s[5]; long t[3]; };
            struct item items[4];
            long g; char h; long table[8]; char bytes[8];
            long mix(long a, char *p, long b) { return a * 31 + *p - (b >> 3); }

            """);
        for (var i = 0; i < functions; i++)
            program.Function(i);
        program._text.Append("long main() { long i; for (i = 0; i < 4; i++) items[i].next = &items[(i + 1) % 4];\n");
        for (var i = 0; i < functions; i++)
            program._text.Append($"  show(\"f{i}\", f{i}({program.Literal()}, {program.Literal()}, \"text\"));\n");
        program._text.Append("""
              show("g", g); show("h", h);
              for (i = 0; i < 8; i++) show("table", table[i] + bytes[i]);
              for (i = 0; i < 4; i++) show("items", items[i].v + items[i].c + items[i].s[i] + items[i].t[i % 3]);
              return g & 127; }

            """);
        return program._text.ToString();
    }

    private void Function(int number)
    {
        _locals.Clear();
        _locals.AddRange(["a", "b", "x", "y"]);
        _text.Append($"long f{number}(long a, long b, char *p) {{\n");
        _text.Append($"  long x = {Literal()}; long y = a; char k = a; char m; long t[8]; char s[8]; struct item *q = items + {_random.Next(4)};\n");
        _text.Append("  for (m = 0; m < 8; m++) { t[m] = a * m; s[m] = b + m; }\n");
        for (var i = _random.Next(3, 9); i > 0; i--)
            Statement(3);
        _text.Append("  return x ^ y * 3 + k - m + t[2] + s[5] + q->v; }\n");
    }

    private void Statement(int size)
    {
        switch (_random.Next(size > 0 ? 14 : 6))
        {
            case 0 or 1 or 2:
                _text.Append($"  {Variable()} {Pick(Assignments)} {Expression(3)};\n");
                break;
            case 3:
                _text.Append($"  {Variable()} {Pick("/=", "%=")} (({Expression(2)}) & 15) + 1;\n");
                break;
            case 4:
                _text.Append($"  {Variable()} {Pick("<<=", ">>=")} ({Expression(1)}) & 7;\n");
                break;
            case 5:
                _text.Append(_random.Next(2) == 0 ? $"  {Pick("++", "--")}{Variable()};\n" : $"  g = (long){Pick("x", "k", "(*q->s)", "t[3]")}{Pick("++", "--")} + {Literal()};\n");
                break;
            case 6 or 7:
                _text.Append($"  if ({Expression(2)}) ");
                Block(size - 1);
                if (_random.Next(2) == 0)
                {
                    _text.Append("  else ");
                    Block(size - 1);
                }
                break;
            case 8 or 9:
                var counter = $"i{_depth++}";
                _text.Append(Pick(
                    $"  {{ long {counter}; for ({counter} = 0; {counter} < {_random.Next(1, 6)}; {counter}++) ",
                    $"  {{ long {counter} = {_random.Next(1, 6)}; while ({counter}-- > 0) ",
                    $"  {{ long {counter} = {_random.Next(1, 6)}; for (; {counter}; {counter} -= 1) "));
                Loop(size, counter);
                _text.Append("  }\n");
                _depth--;
                break;
            case 10:
                var turns = $"i{_depth++}";
                _text.Append($"  {{ long {turns} = 0; do ");
                Loop(size, turns);
                _text.Append($"  while (++{turns} < {_random.Next(1, 5)}); }}\n");
                _depth--;
                break;
            case 11:
                _text.Append($"  switch (({Expression(1)}) & 7) {{\n");
                foreach (var label in Enumerable.Range(0, 8).Where(_ => _random.Next(2) == 0))
                {
                    _text.Append($"  case {label}:");
                    Statement(size - 2);
                    if (_random.Next(3) > 0)
                        _text.Append("  break;\n");
                }
                if (_random.Next(2) == 0)
                {
                    _text.Append("  default:");
                    Statement(size - 2);
                }
                _text.Append("  }\n");
                break;
            case 12:
                _text.Append($"  q = {Pick("q->next", "items + (x & 3)", "&items[y & 3]", "q->next->next")};\n");
                break;
            default:
                var name = $"z{_depth++}";
                _text.Append($"  {{ long {name} = {Expression(3)};\n");
                _locals.Add(name);
                Statement(size - 1);
                Statement(size - 1);
                _locals.Remove(name);
                _text.Append("  }\n");
                _depth--;
                break;
        }
    }

    private void Loop(int size, string counter)
    {
        _text.Append("{\n");
        _locals.Add(counter + " + 0");
        Statement(size - 2);
        if (_random.Next(3) == 0)
            _text.Append($"  if ({Expression(1)}) {Pick("break", "continue")};\n");
        Statement(size - 2);
        _locals.Remove(counter + " + 0");
        _text.Append("  }\n");
    }

    private void Block(int size)
    {
        _text.Append("{\n");
        Statement(size - 1);
        if (_random.Next(2) == 0)
            Statement(size - 1);
        _text.Append("  }\n");
    }

    /// <summary>Something that can be assigned to.</summary>
    private string Variable() => _random.Next(14) switch
    {
        0 => "g",
        1 => "h",
        2 => "k",
        3 => $"t[({Expression(1)}) & 7]",
        4 => $"s[({Expression(1)}) & 7]",
        5 => $"table[({Expression(1)}) & 7]",
        6 => $"*(bytes + (({Expression(1)}) & 7))",
        7 => Pick("q->v", "(*q).v", "q->next->v"),
        8 => Pick("q->c", "q->next->next->c", "q->s[2]", "q->next->s[x & 3]"),
        9 => $"items[({Expression(1)}) & 3].{Pick("v", "t[1]", "t[y & 1]", "next->v")}",
        _ => Pick("x", "y"),
    };

    private string Expression(int size)
    {
        if (size == 0 || _random.Next(6) == 0)
            return Operand();
        var less = size - 1;
        return _random.Next(13) switch
        {
            0 => $"(({Expression(less)}) / ((({Expression(less)}) & 15) + 1))",
            1 => $"{Operand()} % ((({Expression(less)}) & 7) + 1)",
            2 => $"(({Expression(less)}) {Pick("<<", ">>")} (({Expression(less)}) & 31))",
            3 or 4 => $"(long)({Side(less)} {Pick(Comparisons)} {Side(less)})",
            5 => $"({Expression(less)} ? {Expression(less)} : {Expression(less)})",
            6 => $"{Pick("-", "~")}({Expression(less)})",
            7 => $"(long)!{Operand()}",
            8 => $"mix({Expression(less)}, {Pick("p", "s + (y & 7)", "bytes + 3", "q->s", "p + 1", "&s[2]", "&h")}, {Expression(less)})",
            9 => $"(long)(char)({Expression(less)})",
            _ => _random.Next(2) == 0
                ? $"({Expression(less)} {Pick(Arithmetic)} {Expression(less)})"
                : $"{Expression(less)} {Pick(Arithmetic)} {Expression(less)}",
        };
    }

    /// <summary>With or without parentheses. Without them operators that bind less make another expression, with an int in it.</summary>
    private string Side(int size)
    {
        var expression = Expression(size);
        return expression.AsSpan().IndexOfAny("&|^?") < 0 ? expression : $"({expression})";
    }

    private string Operand() => _random.Next(12) switch
    {
        0 or 1 or 2 => Literal(),
        3 => "g",
        4 => Pick("(long)h", "(long)k", "(long)p[1]", "(long)*p"),
        5 => Pick("q->v", "q->t[x & 1]", "q->next->t[2]", "items[1].v"),
        6 => Pick("table[x & 7]", "*(table + (y & 7))", "table[3]"),
        7 => Pick("(long)bytes[y & 7]", "(long)q->c", "(long)items[x & 3].s[y & 3]"),
        8 => Pick("(long)(&table[5] - table)", "(long)(q - items)", "(long)(&q->next->v - &items->v) * 0", "(long)sizeof(struct item)"),
        _ => "(" + _locals[_random.Next(_locals.Count)] + ")",
    };

    private string Literal() => $"(long){Pick("", "-")}{(_random.Next(3) == 0 ? _random.Next() : _random.Next(100))}";

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}

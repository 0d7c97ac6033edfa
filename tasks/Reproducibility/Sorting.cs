namespace StageX.Build.Reproducibility;

/// <summary>How a list is sorted.</summary>
internal enum Sorting
{
    None,

    /// <summary>As in the C locale, and not by a language.</summary>
    Bytes,

    /// <summary>As people sort: punctuation ignored, upper beside lower case; and not by bytes.</summary>
    Language,

    /// <summary>By both: the list has nothing that they disagree about.</summary>
    Both,
}

/// <summary>Watches a list pass.</summary>
internal sealed class SortingObserver
{
    private string? _last;
    private bool _byBytes = true, _byLanguage = true;

    public Sorting Sorting => (_byBytes, _byLanguage) switch
    {
        (true, true) => Sorting.Both,
        (true, false) => Sorting.Bytes,
        (false, true) => Sorting.Language,
        _ => Sorting.None,
    };

    public static Sorting Of(IEnumerable<string> list)
    {
        var observer = new SortingObserver();
        foreach (var text in list)
            observer.Add(text);
        return observer.Sorting;
    }

    public void Add(string text)
    {
        if (_last is not null)
        {
            _byBytes &= string.CompareOrdinal(_last, text) <= 0;
            _byLanguage &= CompareByLanguage(_last, text) <= 0;
        }
        _last = text;
    }

    // What the locales of the C library have in common: letters and digits first, case only where nothing else decides.
    private static int CompareByLanguage(string a, string b)
    {
        static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return string.CompareOrdinal(Letters(a), Letters(b));
    }
}

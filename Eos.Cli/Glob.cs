namespace Eos.Cli;

/// <summary>Patterns of file names: * ? [a-z] [!a-z], as a shell has them. A backslash takes the next character as it is.</summary>
internal static class Glob
{
    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    /// <summary>Whether the whole of <paramref name="name"/> fits. A leading dot is matched by a dot only.</summary>
    public static bool Fits(string pattern, string name) =>
        (!name.StartsWith('.') || pattern.StartsWith('.')) && Match(pattern, name);

    private static bool Match(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (pattern.Length > 0)
        {
            if (pattern[0] == '*')
            {
                pattern = pattern.TrimStart('*');
                for (var i = 0; i <= name.Length; i++)
                    if (Match(pattern, name[i..])) return true;
                return false;
            }
            if (name.Length == 0) return false;
            var taken = 1;
            var fits = pattern[0] switch
            {
                '?' => true,
                '[' when Class(pattern, name[0], out taken) is { } inClass => inClass,
                '\\' when pattern.Length > 1 => pattern[(taken = 2) - 1] == name[0],
                var c => c == name[0],
            };
            if (!fits) return false;
            pattern = pattern[taken..];
            name = name[1..];
        }
        return name.Length == 0;
    }

    /// <summary>Whether the class at the head of the pattern holds <paramref name="c"/>; null when the bracket is not closed.</summary>
    private static bool? Class(ReadOnlySpan<char> pattern, char c, out int taken)
    {
        taken = 1;
        var negated = pattern.Length > 1 && pattern[1] is '!' or '^';
        var start = negated ? 2 : 1;
        if (start >= pattern.Length) return null;
        var length = pattern[(start + 1)..].IndexOf(']');
        if (length < 0) return null;
        var set = pattern[start..(start + 1 + length)];
        taken = start + set.Length + 1;
        var holds = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                holds |= set[i] <= c && c <= set[i + 2];
                i += 2;
            }
            else holds |= set[i] == c;
        }
        return holds != negated;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Instance;

/// <summary>
/// How the configuration of the instance lies among the keys of the group: below `instance/` what every node follows, beside it the change log and the copies that were
/// put by, which are read when somebody asks. All other keys of the group (capability keys, cluster, master) belong to others and are not shown. Pure.
/// </summary>
public static class InstanceRows
{
    /// <summary>What every node reads.</summary>
    public const string Live = "instance/";

    /// <summary>The change log: `instance-log/` and the number of the change in 16 hexadecimal digits.</summary>
    public const string Log = "instance-log/";

    /// <summary>The names and dates of configurations that were put by, and of those that others took the place of. Their texts lie below <see cref="Text"/>.</summary>
    public const string Saved = "instance-saved/", Backup = "instance-backup/";

    /// <summary>What the configurations say whose rows are below <see cref="Saved"/> and <see cref="Backup"/>: this and that row.</summary>
    public const string Text = "instance-text/";

    private const string Value = Live + "v/", Count = Live + "changes", Operations = Live + "recent", Called = Live + "name";

    /// <summary>Characters of a row of the change log, so that the whole log fits into one answer.</summary>
    private const int LongestNote = 2_000;

    /// <summary>Operations that are remembered: a client that repeats one must have asked among so many others.</summary>
    private const int Remembered = 64;

    /// <summary>What the rows below <see cref="Live"/> say.</summary>
    public static InstanceState Read(ulong version, ImmutableSortedDictionary<string, string> rows)
    {
        var state = InstanceState.Empty with { Version = version };
        foreach (var (row, text) in rows)
        {
            if (row == Count) state = state with { Changes = ulong.Parse(text, CultureInfo.InvariantCulture) };
            else if (row == Called) state = state with { Name = text };
            else if (row == Operations) state = state with { Recent = [.. text.Split(' ')] };
            else if (row.StartsWith(Value, StringComparison.Ordinal) && Split(row[Value.Length..]) is var (section, key)) state = state.With(section, key, text);
        }
        return state;
    }

    /// <summary>Only what differs; null when nothing does.</summary>
    public static Revision? Effective(InstanceState state, Revision revision)
    {
        var values = revision.Values.Where(v => Split(v.Key) is var (section, key) && state[section, key] != v.Value).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return values.IsEmpty && revision.Rows.IsEmpty && revision.Note.Length == 0 && (revision.Name ?? state.Name) == state.Name ? null : revision with { Values = values };
    }

    /// <summary>The rows that make a revision true, log it, and remember its operation.</summary>
    /// <param name="keep">Changes that stay in the log.</param>
    public static ImmutableSortedDictionary<string, string?> Write(InstanceState state, Revision revision, OpId op, Instant now, ulong keep)
    {
        var number = state.Changes + 1;
        var rows = revision.Rows.ToBuilder();
        foreach (var (key, value) in revision.Values) rows[Value + key] = value;
        rows[Count] = number.ToString(CultureInfo.InvariantCulture);
        rows[Operations] = string.Join(' ', state.Recent.Append(op.ToString()).TakeLast(Remembered));
        if (revision.Name is { } name) rows[Called] = name;
        rows[LogRow(number)] = Words(revision, now);
        if (number > keep) rows[LogRow(number - keep)] = null;
        return rows.ToImmutable();
    }

    /// <summary>The moment as the change log and the names of backups have it.</summary>
    public static string Date(Instant now, string format) => now.ToDateTimeOffset().UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The part before the first colon, and the rest.</summary>
    public static (string Section, string Key) Split(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
    }

    private static string LogRow(ulong number) => $"{Log}{number.ToString("x16", CultureInfo.InvariantCulture)}";

    private static string Words(Revision revision, Instant now)
    {
        var words = WholeWords(revision, now);
        return words.Length > LongestNote ? words[..LongestNote] + "…" : words;
    }

    private static string WholeWords(Revision revision, Instant now)
    {
        var date = Date(now, "yyyy-MM-dd HH:mm:ss");
        if (revision.Note.Length > 0) return $"{date} : {revision.Note}";
        return string.Join('\n', revision.Values.Select(v => v.Value is null ? $"{date} : del config {v.Key}" : $"{date} : set config {v.Key} => {v.Value}"));
    }
}

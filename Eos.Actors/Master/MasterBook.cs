using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Master;

/// <summary>What stands in the configuration about the role, below `master.`: wishes, and a log with one key a line, named by its time. Pure.</summary>
public static class MasterBook
{
    private const string Wanted = "master.wanted", Failover = "master.failover", Last = "master.last", LogPrefix = "master.log.";

    public static MasterWishes Wishes(ImmutableSortedDictionary<string, string> values) => new(
        values.GetValueOrDefault(Wanted, ""), values.GetValueOrDefault(Failover, "on") != "off", values.GetValueOrDefault(Last, ""));

    public static ImmutableArray<string> Log(ImmutableSortedDictionary<string, string> values) =>
        [.. values.Where(v => v.Key.StartsWith(LogPrefix, StringComparison.Ordinal)).Select(v => v.Value)];

    public static ImmutableSortedDictionary<string, string?> Want(string place) => Of((Wanted, place));

    public static ImmutableSortedDictionary<string, string?> LetFailover(bool isOn) => Of((Failover, isOn ? null : "off"));

    public static ImmutableSortedDictionary<string, string?> ClearLog(ImmutableSortedDictionary<string, string> values) =>
        Of([.. values.Keys.Where(key => key.StartsWith(LogPrefix, StringComparison.Ordinal)).Select(key => (key, (string?)null))]);

    public static ImmutableSortedDictionary<string, string?> Settle(string self) => Of((Last, self), (Wanted, null));

    /// <summary>A line of the log; the oldest lines above the limit go.</summary>
    /// <param name="now">The date, for people.</param>
    public static ImmutableSortedDictionary<string, string?> Entry(
        ImmutableSortedDictionary<string, string> values, string self, Instant now, string text, int keep)
    {
        var lines = values.Keys.Where(key => key.StartsWith(LogPrefix, StringComparison.Ordinal)).ToList();
        var line = $"{now.ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {self} {text}";
        return Of(
        [
            .. lines.Take(Math.Max(0, lines.Count + 1 - keep)).Select(key => (key, (string?)null)),
            ($"{LogPrefix}{now.Nanoseconds:x16}.{self}", line),
        ]);
    }

    private static ImmutableSortedDictionary<string, string?> Of(params (string Key, string? Value)[] changes) =>
        changes.ToImmutableSortedDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
}

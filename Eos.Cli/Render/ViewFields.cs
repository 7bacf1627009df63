using System.Globalization;
using Eos.Views;

namespace Eos.Cli.Render;

/// <summary>The keys that listings of nodes, groups and spaces have in common, in EOS's order.</summary>
internal static class ViewFields
{
    public static Pairs Load(this Pairs record, ViewSums s) => record.Add("avg.stat.disk.load", s.LoadAverage).Add("sig.stat.disk.load", s.LoadSigma);

    public static Pairs Rates(this Pairs record, ViewSums s) =>
        record.Add("sum.stat.disk.readratemb", s.ReadRate).Add("sum.stat.disk.writeratemb", s.WriteRate);

    public static Pairs Streams(this Pairs record, ViewSums s) => record.Add("sum.stat.ropen", s.OpenForRead).Add("sum.stat.wopen", s.OpenForWrite);

    public static Pairs Bytes(this Pairs record, ViewSums s) => record
        .Add("sum.stat.statfs.freebytes", s.Free).Add("sum.stat.statfs.usedbytes", s.Used).Add("sum.stat.statfs.capacity", s.Capacity);

    public static Pairs Inodes(this Pairs record, ViewSums s) => record
        .Add("sum.stat.usedfiles", s.Files).Add("sum.stat.statfs.ffree", s.InodesFree)
        .Add("sum.stat.statfs.fused", s.Inodes - Math.Min(s.InodesFree, s.Inodes)).Add("sum.stat.statfs.files", s.Inodes);

    public static Pairs Filled(this Pairs record, ViewSums s) => record
        .Add("maxdev.stat.statfs.filled", s.FilledDeviation).Add("avg.stat.statfs.filled", s.FilledAverage).Add("sig.stat.statfs.filled", s.FilledSigma);

    /// <summary>The part of a place before the domain, with its port.</summary>
    public static string Brief(string place)
    {
        var colon = place.LastIndexOf(':');
        var (host, port) = colon < 0 ? (place, "") : (place[..colon], place[colon..]);
        return char.IsAsciiDigit(host.FirstOrDefault('-')) ? place : host.Split('.')[0] + port;
    }

    /// <summary>Whether a row is meant by one of the words; none means all.</summary>
    public static bool IsMeant(IReadOnlyCollection<string> words, params IEnumerable<string> names) =>
        words.Count == 0 || names.Any(name => words.Any(word => name.Contains(word, StringComparison.Ordinal)));

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
    public static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
    public static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>
/// Commands of administrators, all in one form: a noun, a verb, words and options, answered by records and lines. A new one is a row in a table of <see cref="AdminTable"/>,
/// and no new message.
/// </summary>
public static partial class GatewayProtocol
{
    /// <summary>`noun verb words… --options`. Answered <see cref="Report"/>.</summary>
    /// <param name="Verb">Empty for a noun that needs none.</param>
    /// <param name="From">Of a long report: what its last part said comes next; 0 at first.</param>
    public sealed record Administer(
        Head Head, string Noun, string Verb, ImmutableArray<string> Arguments, ImmutableSortedDictionary<string, string> Options, ulong From = 0) : IRequest;

    /// <summary>The answer: records for programs and tables, lines for people. May have either or both.</summary>
    /// <param name="Next">There are more rows: ask again from there. 0: that is all.</param>
    public sealed record Report(OpId Op, ImmutableArray<AdminRecord> Records, ImmutableArray<string> Lines, ulong Next = 0) : IFinal;

    /// <summary>The path is routed (`route link`): another instance has it. Nothing happened here.</summary>
    /// <param name="Port">Where clients of that instance go.</param>
    /// <param name="HttpPort">The same by HTTP.</param>
    public sealed record Elsewhere(OpId Op, string Path, string Host, int Port, int HttpPort) : IFinal;

    /// <summary>A rule holds the caller up: it is to ask again, with the same operation id, after the pause.</summary>
    public sealed record Stalled(OpId Op, TimeSpan Pause, string Text) : IReply;

    /// <summary>Keys and values in a fixed order.</summary>
    public sealed record AdminRecord(ImmutableArray<AdminPair> Pairs)
    {
        public static readonly AdminRecord Empty = new([]);

        public AdminRecord Add(string key, string value) => new(Pairs.Add(new AdminPair(key, value, false)));
        public AdminRecord Add(string key, ulong value) => new(Pairs.Add(new AdminPair(key, value.ToString(System.Globalization.CultureInfo.InvariantCulture), true)));

        /// <summary>With two decimals.</summary>
        public AdminRecord Add(string key, double value) => new(Pairs.Add(new AdminPair(key, value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), true)));
    }

    /// <param name="IsNumber">JSON has it without quotes.</param>
    public readonly record struct AdminPair(string Key, string Value, bool IsNumber);
}

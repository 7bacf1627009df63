using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// How amounts go up the tree. A directory tells its parent what its whole tree has (<see cref="ReportTotals"/>): absolute, with a version, at most once an interval, again until
/// it hears <see cref="TotalsKept"/>. The parent gathers what its children say, stores it in one event an interval, then answers, and has something to tell its own
/// parent. Any message may be lost, doubled or late: older versions are answered and forgotten, and who is no child is not heard. Who may owe its parent a report has a row
/// in <see cref="NamespaceIndex.Due"/>; who sleeps and has one is woken by <see cref="ReportDue"/>.
/// </summary>
public static class TotalsProtocol
{
    /// <summary>To the parent, which is the one that is addressed.</summary>
    public sealed record ReportTotals(DirectoryId Directory, ChildReport Report) : IForDirectory;

    /// <summary>To a child: that version is stored in the parent.</summary>
    public sealed record TotalsKept(DirectoryId Directory, DirectoryId Parent, ulong Version) : IForDirectory;

    /// <summary>A directory that has a row in the index is to do what it owes. Nothing to be done if it is awake.</summary>
    public sealed record ReportDue(DirectoryId Directory) : IForDirectory;

    /// <summary>An event that nobody asked for and that answers nobody.</summary>
    public interface IUnasked : IEvent;

    /// <summary>What children said.</summary>
    public sealed record TotalsHeard(Stamp Stamp, ImmutableArray<ChildReport> Reports) : IUnasked;

    /// <summary>There is something to tell the parent, for the first time since it was all told.</summary>
    public sealed record TotalsDue(Stamp Stamp) : IUnasked;

    /// <summary>The parent knows everything.</summary>
    public sealed record TotalsSettled(Stamp Stamp) : IUnasked;
}

using System.Collections.Immutable;
using Eos.Instance;
using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>The configuration of an instance without actors: what is written is there at once.</summary>
public sealed class InstanceInMemory
{
    private ImmutableSortedDictionary<string, string> _rows = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public InstanceState State { get; private set; } = InstanceState.Empty;

    public void Set(string section, string key, string? value) =>
        Answer(new InstanceProtocol.Change(new OpId(Guid.Empty, State.Changes + 1), _ => Revision.None.And(section, key, value)), Instant.Epoch);

    public InstanceProtocol.IReply Answer(InstanceProtocol.IRequest request, Instant now)
    {
        if (request is InstanceProtocol.ReadRows read)
            return new InstanceProtocol.Rows(_rows.Where(r => r.Key.StartsWith(read.Prefix, StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        var change = (InstanceProtocol.Change)request;
        if (State.Recent.Contains(change.Op.ToString())) return new InstanceProtocol.Changed(State);
        var revision = change.Revise(State);
        if (revision.Refusal is { } refusal) return new InstanceProtocol.NotChanged(refusal);
        if (InstanceRows.Effective(State, revision) is { } effective)
        {
            foreach (var (row, value) in InstanceRows.Write(State, effective, change.Op, now, 1000)) _rows = value is null ? _rows.Remove(row) : _rows.SetItem(row, value);
            State = InstanceRows.Read(State.Version + 1, _rows.Where(r => r.Key.StartsWith(InstanceRows.Live, StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        }
        return new InstanceProtocol.Changed(State);
    }
}

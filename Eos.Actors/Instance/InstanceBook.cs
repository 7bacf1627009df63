using System.Collections.Immutable;
using Eos.Journal;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Instance;

/// <summary>Where the configuration lies: keys and texts under one version.</summary>
public interface IInstanceBook
{
    /// <summary>Answered <see cref="ConfigurationRead"/>; anything else: not now.</summary>
    Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within);

    /// <summary>Answered <see cref="ConfigurationSet"/>, or <see cref="Refused"/> (ESTALE: it has another version), or not known.</summary>
    Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within);
}

/// <summary>In the group: survives what the group survives, the same on every node.</summary>
public sealed class GroupBook(KvClient client) : IInstanceBook
{
    public Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within) => client.LookAsync(question, within);
    public Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within) => client.DoAsync(entry, within);
}

/// <summary>In the memory of this process, for instances without a group: what was set is gone with it. Used by one actor at a time.</summary>
public sealed class MemoryBook : IInstanceBook
{
    private ImmutableSortedDictionary<string, string> _rows = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private ulong _version;

    public Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within) => Task.FromResult<IAnswer>(
        question.UnlessVersion == _version
            ? new ConfigurationRead(_version, null)
            : new ConfigurationRead(_version, _rows.Where(r => r.Key.StartsWith(question.Prefix, StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal)));

    public Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within)
    {
        if (entry.IfVersion is { } expected && expected != _version)
            return Task.FromResult<IAnswer>(new Refused(Errno.Stale, $"the configuration has version {_version}, not {expected}"));
        _version++;
        foreach (var (key, value) in entry.Changes) _rows = value is null ? _rows.Remove(key) : _rows.SetItem(key, value);
        return Task.FromResult<IAnswer>(new ConfigurationSet(_version));
    }
}

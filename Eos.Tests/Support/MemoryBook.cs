using Eos.Instance;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>A configuration in memory. Used by one actor at a time.</summary>
public sealed class MemoryBook : IInstanceBook
{
    private ConfigurationTable _table = ConfigurationTable.Empty;

    public Task<IAnswer> ReadAsync(ReadConfiguration question, TimeSpan within) => Task.FromResult<IAnswer>(_table.Answer(question));

    public Task<IAnswer> WriteAsync(SetConfiguration entry, TimeSpan within)
    {
        if (_table.Refusal(entry) is { } refused) return Task.FromResult<IAnswer>(refused);
        _table = _table.Apply(entry);
        return Task.FromResult<IAnswer>(new ConfigurationSet(_table.Version));
    }
}

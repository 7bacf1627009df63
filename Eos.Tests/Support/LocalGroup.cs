using System.Collections.Concurrent;
using System.Collections.Immutable;
using Eos.Host.Resp;
using Eos.Kv;
using Eos.Raft;

namespace Eos.Tests.Support;

/// <summary>A group of one machine in memory, on a thread of its own. It can be made to hold its answers, to lose its leadership and to lose track of writes.</summary>
internal sealed class LocalGroup : IGroup, IDisposable
{
    private readonly BlockingCollection<Action> _work = new();
    private readonly KvMachine _machine = new(new MemoryStore());
    private readonly ManualResetEventSlim _goes = new(true);
    private ulong _index;
    private int _writing;
    private int _reading;

    public LocalGroup() => new Thread(() => { foreach (var work in _work.GetConsumingEnumerable()) { _goes.Wait(); work(); } }) { IsBackground = true }.Start();

    /// <summary>Hears what entries publish.</summary>
    public Action<ImmutableArray<Publication>>? Published { get; set; }

    public GroupView View { get; set; } = new(true, "127.0.0.1:7777");

    /// <summary>Writes happen, but nobody learns of it.</summary>
    public bool Forgets { get; set; }

    /// <summary>Entries applied so far, each with the number of its commands.</summary>
    public ConcurrentQueue<int> Entries { get; } = new();

    /// <summary>Questions answered so far, each with the number of its commands.</summary>
    public ConcurrentQueue<int> Questions { get; } = new();

    /// <summary>Entries that wait to be applied.</summary>
    public int Writing => Volatile.Read(ref _writing);

    /// <summary>A write and a question have been under way together.</summary>
    public bool HasMixed { get; private set; }

    /// <summary>What was asked by AdministerAsync.</summary>
    public ConcurrentQueue<string> Administered { get; } = new();

    /// <summary>Answers wait until <see cref="Release"/>.</summary>
    public void Hold() => _goes.Reset();

    public void Release() => _goes.Set();

    public void Write(ImmutableArray<Request> requests, IGroupCall call) => Put(new KvProtocol.UserCommands(requests), requests.Length, call);

    public void Clear(ReadOnlyMemory<byte> from, ClearBounds most, IGroupCall call) => Put(new KvProtocol.ClearKeys(from, most.Rows, most.Bytes), 1, call);

    public void Read(ImmutableArray<Request> requests, bool stale, IGroupQuestion call)
    {
        Interlocked.Increment(ref _reading);
        HasMixed |= Volatile.Read(ref _writing) > 0;
        _work.Add(() =>
        {
            Interlocked.Decrement(ref _reading);
            Answer(requests, stale, call);
        });
    }

    private void Put(KvProtocol.IEntry entry, int commands, IGroupCall call)
    {
        Interlocked.Increment(ref _writing);
        HasMixed |= Volatile.Read(ref _reading) > 0;
        _work.Add(() =>
        {
            Interlocked.Decrement(ref _writing);
            Apply(entry, commands, call);
        });
    }

    private void Apply(KvProtocol.IEntry entry, int commands, IGroupCall call)
    {
        if (!View.Leads)
        {
            call.Refused(View.Leader);
            return;
        }
        var outcome = _machine.Apply(new LogIndex(++_index), TimeSpan.FromMilliseconds(_index), entry);
        Entries.Enqueue(commands);
        if (Forgets)
        {
            call.Unknown();
            return;
        }
        Published?.Invoke(outcome.Published);
        call.Done(outcome.Replies);
    }

    private void Answer(ImmutableArray<Request> requests, bool stale, IGroupQuestion call)
    {
        if (!View.Leads && !stale)
        {
            call.Refused(View.Leader);
            return;
        }
        Questions.Enqueue(requests.Length);
        call.Done(((KvProtocol.Replies)_machine.Answer(new KvProtocol.UserReads(requests), TimeSpan.FromMilliseconds(_index), call)).Values);
    }

    public Task<Reply> AdministerAsync(Request request, CancellationToken connection)
    {
        Administered.Enqueue(request.Text(0));
        return Task.FromResult(Reply.Ok);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _goes.Set();
    }
}

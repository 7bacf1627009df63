using System.Collections.Frozen;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>Looks, in the background, for what earlier runs of a filesystem left. A child of the filesystem's actor; stops when nothing is in doubt.</summary>
public sealed class SweepActor : ReceiveActor, IWithTimers
{
    private readonly DiskLane _lane = new();
    private readonly IDisk _disk;
    private readonly ICanTell _directories;
    private readonly IEnumerator<FoundFolder> _folders;
    private readonly Guid _session;
    private readonly TimeSpan _tickInterval;
    private SweepState _state = SweepState.Empty;
    private FoundFolder? _found;
    private int _jobs;
    private bool _isDone;

    /// <param name="find">Which directory has a file now, by the index; null: there is no index.</param>
    /// <param name="session">Of the filesystem's actor; this one's operations are told apart by the other half of its bits.</param>
    public SweepActor(IDisk disk, ICanTell directories, FsId fs, Guid session, IClock clock, SweepSettings settings, Func<FileId, Task<DirectoryId?>>? find)
    {
        (_disk, _directories, _folders, _session) = (disk, directories, disk.Survey().GetEnumerator(), Other(session));
        _tickInterval = settings.RetryInterval;
        Receive<FolderRead>(x =>
        {
            if (x.Refusal is { } refusal) Context.GetLogger().Error("the sweep of filesystem {0} ends early: {1}", fs, refusal.Text);
            _found = x.Folder;
            if (_found is null) Take(SweepRules.OnFolder(_state, null, settings));
            else Context.Parent.Tell(new FilesystemProtocol.AskIdle(OpensOf(_found)));
        });
        Receive<FilesystemProtocol.Idle>(x =>
        {
            if (_found is null) return;
            var idle = x.Opens.ToHashSet();
            Take(SweepRules.OnFolder(_state, Only(_found, idle), settings));
        });
        Receive<FstProtocol.Owned>(x =>
        {
            var unsure = SweepRules.Unsure(_state, x);
            if (unsure.IsEmpty || find is null) Take(SweepRules.OnOwned(_state, x, fs, _session, FrozenDictionary<FileId, DirectoryId>.Empty));
            else FindAsync(find, unsure).PipeTo(Self, success: found => new Located(x, found), failure: cause => new NotLocated(cause.Message));
        });
        Receive<Located>(x => Take(SweepRules.OnOwned(_state, x.Answer, fs, _session, x.Found)));
        Receive<NotLocated>(x => Context.GetLogger().Warning("sweep of filesystem {0}: where files are is not known yet: {1}", fs, x.Why)); // the question is repeated
        Receive<Tick>(_ => Take(SweepRules.OnTick(_state, fs, clock.Now, settings)));
        Receive<Deleted>(x =>
        {
            _directories.Tell(x.Notice, Self);
            JobEnded();
        });
        Receive<JobDone>(x =>
        {
            if (x.Refusal is { } refusal) Context.GetLogger().Warning("sweep of filesystem {0}: {1}", fs, refusal.Text);
            JobEnded();
        });
        Receive<FstProtocol.Noted>(_ => { });
        Receive<Status.Failure>(failure => throw new InvalidOperationException("a disk job failed in a way that no disk does", failure.Cause));
        void Take((SweepState State, ImmutableArray<SweepEffect> Effects) step)
        {
            (_state, var effects) = step;
            (_state, var more) = SweepRules.GoOn(_state, fs, _session, clock.Now, settings);
            foreach (var effect in effects.AddRange(more)) Perform(effect);
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IDisk disk, ICanTell directories, FsId fs, Guid session, IClock clock, SweepSettings settings, Func<FileId, Task<DirectoryId?>>? find) =>
        Akka.Actor.Props.Create(() => new SweepActor(disk, directories, fs, session, clock, settings, find));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("tick", new Tick(), _tickInterval);
        Self.Tell(new Tick());
    }

    protected override void PostStop() => _folders.Dispose();

    private void Perform(SweepEffect effect)
    {
        switch (effect)
        {
            case SweepEffect.ReadFolder:
                _lane.Run(() => new FolderRead(_folders.MoveNext() ? _folders.Current : null, null), refusal => new FolderRead(null, refusal)).PipeTo(Self);
                break;
            case SweepEffect.SetAside x: RunAll(x.Paths, _disk.SetAside); break;
            case SweepEffect.Discard x: RunAll(x.Opens, held => _disk.Discard(held.File, held.Open)); break;
            case SweepEffect.Keep x: RunAll(x.Opens, held => _disk.Keep(held.File, held.Open)); break;
            case SweepEffect.Delete x:
                Run(() =>
                {
                    _disk.Delete(x.Notice.Files);
                    return new Deleted(x.Notice);
                });
                break;
            case SweepEffect.Ask x: _directories.Tell(x.Question, Self); break;
            case SweepEffect.Abandon x: _directories.Tell(x.Open, Self); break;
            case SweepEffect.Tell x:
                Context.GetLogger().Info("sweep done: {0}", x.Message.Counts);
                if (x.Message.Counts.Unclaimed > 0)
                    Context.GetLogger().Error("{0}: {1} replicas are of no file that their directories know of; they stay. Is it the right journal?", _disk.Root, x.Message.Counts.Unclaimed);
                Context.Parent.Tell(x.Message);
                break;
            case SweepEffect.Stop:
                _isDone = true;
                StopAfterJobs();
                break;
            default: throw new InvalidOperationException($"no hand for {effect.GetType().Name}");
        }
    }

    private void RunAll<T>(ImmutableArray<T> things, Action<T> job) => Run(() =>
    {
        foreach (var thing in things) job(thing);
        return new JobDone(null);
    });

    private void Run(Func<object> job)
    {
        _jobs++;
        _lane.Run(job, refusal => new JobDone(refusal)).PipeTo(Self);
    }

    private void JobEnded()
    {
        _jobs--;
        StopAfterJobs();
    }

    /// <summary>What jobs have to say comes in any order; whoever stops with the last one loses nothing.</summary>
    private void StopAfterJobs()
    {
        if (_isDone && _jobs == 0) Context.Stop(Self);
    }

    private static ImmutableArray<FstProtocol.Held> OpensOf(FoundFolder folder) =>
        [.. folder.Partial, .. folder.Complete.Concat(folder.Kept).Select(record => new FstProtocol.Held(record.File, record.Open))];

    private static FoundFolder Only(FoundFolder folder, HashSet<FstProtocol.Held> idle) => folder with
    {
        Kept = [.. folder.Kept.Where(record => idle.Contains(new FstProtocol.Held(record.File, record.Open)))],
        Complete = [.. folder.Complete.Where(record => idle.Contains(new FstProtocol.Held(record.File, record.Open)))],
        Partial = [.. folder.Partial.Where(idle.Contains)],
    };

    private static async Task<FrozenDictionary<FileId, DirectoryId>> FindAsync(Func<FileId, Task<DirectoryId?>> find, ImmutableArray<FileId> files)
    {
        var found = await Task.WhenAll(files.Select(async file => (File: file, Directory: await find(file).ConfigureAwait(false)))).ConfigureAwait(false);
        return found.Where(f => f.Directory is not null).ToFrozenDictionary(f => f.File, f => f.Directory!.Value);
    }

    private static Guid Other(Guid session)
    {
        var bytes = session.ToByteArray();
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)~bytes[i];
        return new Guid(bytes);
    }

    private sealed record FolderRead(FoundFolder? Folder, Refusal? Refusal);
    private sealed record Located(FstProtocol.Owned Answer, FrozenDictionary<FileId, DirectoryId> Found);
    private sealed record NotLocated(string Why);
    private sealed record Deleted(FstProtocol.ReplicaDropped Notice);
    private sealed record JobDone(Refusal? Refusal);
    private sealed record Tick;
}

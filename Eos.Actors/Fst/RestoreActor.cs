using Akka.Actor;
using Akka.Event;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// Compares replicas and makes bad or missing ones anew, a few at a time, in the order of asking. Child `restorer` of the filesystem's actor, in memory only: what is
/// lost with the process is asked for again by whoever meets it. A queue that is full takes nothing more. What is refused for the moment (the filesystem boots, or
/// still deletes the replica that was there before) is tried again.
/// </summary>
public sealed class RestoreActor : ReceiveActor, IWithTimers
{
    private readonly Queue<RestoreJob> _waiting = new();
    private readonly HashSet<(FileId, RestoreTask)> _known = [];
    private readonly RestoreSettings _settings;
    private readonly PeerPort _peers;
    private readonly Restorer _restorer;
    private readonly FsId _fs;
    private readonly OpSource _ops = OpSource.Fresh();
    private int _running;

    public RestoreActor(ActorGate gate, PeerPort peers, RestoreSettings settings)
    {
        (_fs, _peers, _settings, _restorer) = (gate.Id, peers, settings, new Restorer(gate, peers));
        Receive<FilesystemProtocol.FoundBad>(x => Take(new RestoreJob(RestoreTask.Heal, x.Replica, null)));
        Receive<FstProtocol.RestoreReplica>(x => Take(RestoreTask.Attach, x.Capability, x.Replaces));
        Receive<FstProtocol.VerifyReplica>(x => Take(x.Corrects == 0 ? x.Whole ? RestoreTask.Verify : RestoreTask.Look : RestoreTask.Correct, x.Capability, null, x.Corrects, x.Rate));
        Receive<Ended>(OnEnded);
        Receive<RestoreJob>(job =>
        {
            _waiting.Enqueue(job);
            Next();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="peers">The actor's own: it ends with it.</param>
    public static Props Props(ActorGate gate, PeerPort peers, RestoreSettings settings) => Akka.Actor.Props.Create(() => new RestoreActor(gate, peers, settings));

    protected override void PostStop() => _peers.Dispose();

    private void Take(RestoreTask task, string text, FsId? replaces, FstProtocol.Correction corrects = FstProtocol.Correction.None, ulong rate = 0)
    {
        if (SignedCapability.Peek(text) is not { Places.IsEmpty: false } capability) return;
        Take(new RestoreJob(task, new ChainGrant(capability, text, capability.Locations.IndexOf(_fs)), replaces) { Corrects = corrects, Rate = rate });
    }

    private void Take(RestoreJob job)
    {
        if (_waiting.Count >= _settings.Waiting) Context.GetLogger().Warning("filesystem {0}: too many replicas wait to be looked after; {1} of file {2} is not done", _fs, job.Task, job.File);
        else if (_known.Add((job.File, job.Task))) _waiting.Enqueue(job);
        Next();
    }

    private void Next()
    {
        while (_running < _settings.InFlight && _waiting.TryDequeue(out var job))
        {
            _running++;
            RunAsync(job).PipeTo(Self, failure: fault => new Ended(job, RestoreOutcome.Failed, null, $"a fault: {fault}"));
        }
    }

    private async Task<Ended> RunAsync(RestoreJob job)
    {
        try
        {
            await Task.Yield();   // disks are not looked at in the actor's turn
            if (job.Task == RestoreTask.Correct) return new Ended(job, RestoreOutcome.Corrected, null, "") { Correction = await _restorer.CorrectAsync(job, _ops.Next()) };
            var fault = await _restorer.ExamineAsync(job.Grant.Capability, whole: job.Task != RestoreTask.Look, job.Rate);
            switch (job.Task)
            {
                case RestoreTask.Look or RestoreTask.Verify: return new Ended(job, RestoreOutcome.Seen, fault, "");
                case RestoreTask.Heal when fault is null: return new Ended(job, RestoreOutcome.Good, null, "");
                case RestoreTask.Attach when fault is null: await _restorer.AttachAsync(job); break;
                default: await _restorer.MakeAsync(job); break;
            }

            return new Ended(job, RestoreOutcome.Made, null, "");
        }
        catch (EosException gone) when (gone.Why == Errno.NoEntry && job.Task == RestoreTask.Heal)
        {
            return new Ended(job, RestoreOutcome.Good, null, "");   // the directory has no such file: nothing is missing
        }
        catch (EosException now) when (now.Why is Errno.Busy or Errno.TryAgain && job.Tries < _settings.Tries)
        {
            return new Ended(job, RestoreOutcome.NotNow, null, now.Message);
        }
        catch (Exception failure) when (failure is EosException or DiskFault)
        {
            return new Ended(job, RestoreOutcome.Failed, null, failure.Message);
        }
    }

    private void OnEnded(Ended x)
    {
        _running--;
        if (x.Outcome == RestoreOutcome.NotNow) Timers.StartSingleTimer((x.Job.File, x.Job.Task), x.Job with { Tries = x.Job.Tries + 1 }, _settings.RetryInterval);
        else _known.Remove((x.Job.File, x.Job.Task));
        switch (x.Outcome)
        {
            case RestoreOutcome.Seen when x.Fault is { } fault: Context.Parent.Tell(new FilesystemProtocol.FoundBad(x.Job.Grant, fault)); break;
            case RestoreOutcome.Corrected when x.Correction is { } correction: Context.Parent.Tell(new FilesystemProtocol.Correct(correction)); break;
            case RestoreOutcome.Made: Context.GetLogger().Info("filesystem {0}: the replica of file {1} was made from another one", _fs, x.Job.File); break;
            case RestoreOutcome.Failed: Context.GetLogger().Warning("filesystem {0}: the replica of file {1} could not be made: {2}", _fs, x.Job.File, x.Text); break;
        }

        if (x.Job.Task == RestoreTask.Heal && x.Outcome is RestoreOutcome.Made or RestoreOutcome.Good) Context.Parent.Tell(new FilesystemProtocol.MadeGood(x.Job.File));
        Next();
    }

    private enum RestoreOutcome
    {
        Seen = 1,
        Good = 2,
        Made = 3,
        Failed = 4,
        NotNow = 5,
        Corrected = 6,
    }

    private sealed record Ended(RestoreJob Job, RestoreOutcome Outcome, ReplicaFault? Fault, string Text)
    {
        public FstProtocol.CorrectFile? Correction { get; init; }
    }
}

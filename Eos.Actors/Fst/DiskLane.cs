using Eos.Kernel;

namespace Eos.Fst;

/// <summary>Runs disk jobs one after the other on the thread pool, never in an actor's turn. The one place that turns a failing disk into a message.</summary>
internal sealed class DiskLane
{
    private Task _last = Task.CompletedTask;

    /// <summary>Appends a job. Its result, or what <paramref name="failed"/> makes of a disk's refusal; anything else that it throws is a fault.</summary>
    public Task<object> Run(Func<object> job, Func<Refusal, object> failed)
    {
        var next = _last.ContinueWith(_ => Guarded(job, failed), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _last = next;
        return next;
    }

    private static object Guarded(Func<object> job, Func<Refusal, object> failed)
    {
        try
        {
            return job();
        }
        catch (Exception failure) when (DiskFault.Covers(failure))
        {
            var fault = DiskFault.From(failure);
            return failed(new Refusal(fault.Why, fault.Message));
        }
    }
}

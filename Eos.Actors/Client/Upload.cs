using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>Stores one file, at another place if one fails: as often as the settings say, and as long as the source can be read again.</summary>
internal sealed class Upload(EosClient client, Transfer transfer, Suspects suspects, TransferSettings settings)
{
    private readonly List<FileId> _tried = [];

    public async Task<Stored> RunAsync(string path, ReplayStream source, PutOptions wanted, IProgress<long>? progress, CancellationToken cancel)
    {
        var pause = new Pause(settings);
        for (var left = settings.Tries - 1; ; left--)
        {
            var avoided = suspects.Now;
            Redirect redirect;
            try
            {
                redirect = await client.OpenWriteAsync(path, wanted, avoided, cancel);
            }
            catch (EosException full) when (full.Why is Errno.NoSpace or Errno.NoNetwork && avoided.Length > 0 && left > 0)
            {
                suspects.Forget();
                await pause.WaitAsync(cancel);
                continue;
            }
            catch (EosException exists) when (exists.Why == Errno.Exists && _tried.Count > 0)
            {
                if (await EarlierAsync(path, cancel) is { } stored) return stored;
                throw;
            }

            try
            {
                _tried.Add(redirect.File);
                return await transfer.PutAsync(redirect, source, wanted.Size, progress, cancel);
            }
            catch (TransferFault fault)
            {
                if (fault.IsOfServer && await EarlierAsync(path, cancel) is { } stored) return stored;   // only the answer was lost
                if (!fault.IsOfServer || left == 0) throw fault.ForCaller();
                if (!source.CanRewind) throw fault.ForCaller("; the source can't be read again, so it was not tried elsewhere");
                suspects.Add(fault.Fs);
                source.Rewind();
                progress?.Report(0);
                await pause.WaitAsync(cancel);
            }
        }
    }

    /// <summary>What an earlier try has stored after all.</summary>
    private async Task<Stored?> EarlierAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await client.InfoAsync(path, cancel) is FileInformation { File: var file } && _tried.Contains(file.Id)
                ? new Stored(file.Id, file.Content.Size, file.Content.Checksum)
                : null;
        }
        catch (EosException missing) when (missing.Why == Errno.NoEntry)
        {
            return null;
        }
    }
}

/// <summary>No pause before the second try, then growing ones.</summary>
internal sealed class Pause(TransferSettings settings)
{
    private TimeSpan _next = TimeSpan.Zero;

    public async Task WaitAsync(CancellationToken cancel)
    {
        var now = _next;
        _next = now == TimeSpan.Zero ? settings.Pause : now * 2;
        if (now == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(now);
        await timer.WaitForNextTickAsync(cancel);
    }
}
